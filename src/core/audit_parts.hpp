// Regime: C++ (may throw, never calls Postgres)
//
// What the files of the audit share: one table's comparison, and how names and values are written.
#pragma once

#include "core/audit.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core::audit {

struct Table {
	const AuditSourceSchema &schema;
	const AuditSource &source;
	const AuditTarget &target;
	const AuditPair &pair;
	const AuditPairs &pairs;

	const AuditSourceColumn *SourceColumn(const std::string &name) const;
	const AuditTargetColumn *TargetColumn(const std::string &name) const;
	// Which column of the target a source column became; nullptr: it stays in the source.
	const AuditColumnPair *PairOf(const std::string &source_column) const;
	// The same names in the target; one that stays in the source is "".
	std::vector<std::string> TargetNames(const std::vector<std::string> &source_columns) const;
	// What was noted of an object, or nullptr.
	const std::string *Note(const std::string &kind, const std::string &object) const;
	// Whether a note of it says these words.
	bool IsNoted(const std::string &kind, const std::string &object, std::string_view words) const;
};

// "a, b"
std::string List(const std::vector<std::string> &names);
bool Contains(std::string_view text, std::string_view part) noexcept;
bool StartsWith(std::string_view text, std::string_view part) noexcept;
std::string Lower(std::string_view text);
// The literals in single quotes that occur in a text of Postgres, in their order.
std::vector<std::string> Literals(std::string_view text);
// The labels of COLUMN_TYPE, by which enums and sets are declared.
std::vector<std::string> Labels(std::string_view column_type);
// A number without what can be left out of it: sign of plus, zeros in front, zeros at the end of the fraction.
std::string PlainNumber(std::string_view text);

AuditResult CompareColumns(const Table &table);
AuditResult CompareDefaults(const Table &table);
AuditResult CompareKeys(const Table &table);
AuditResult CompareForeignKeys(const Table &table);
AuditResult CompareChecks(const Table &table);
AuditResult CompareOnUpdate(const Table &table);
AuditResult CompareComments(const Table &table);
AuditResult ComparePartitions(const Table &table);

} // namespace alkconv::core::audit
