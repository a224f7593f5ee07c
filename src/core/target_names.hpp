// Regime: C++ (may throw, never calls Postgres)
//
// What everything of a source is called in the target. MySQL's names may have 64 characters, Postgres' 63 bytes; MySQL's index names are
// unique within a table, Postgres' within a schema, which they share with tables, partitions, sequences and types. Names are those
// that a rule gives, else they are kept where they can be, spelled as they are; others are made from the table's, and cut with a hash at the end where they are too long or taken.
// A function of the whole source schema and the rules, so that runs over some of its tables agree with each other.
#pragma once

#include "core/catalog.hpp"
#include "core/rules.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

class TargetNames {
public:
	TargetNames(const SourceSchema &source, const RuleSet &rules);

	struct Table {
		std::string name;
		std::vector<std::string> columns; // by column; so are enum_types and set_checks
		std::vector<std::string>
			enum_types; // empty where the column is no enum; one for all that foreign keys tie together
		std::vector<std::string> set_checks;   // empty where it is no set
		std::vector<std::string> keys;		   // by key
		std::vector<std::string> foreign_keys; // by foreign key
		std::vector<std::string> checks;	   // by check
		std::vector<std::string> partitions;   // by partition
		std::string sequence;				   // of the AUTO_INCREMENT column
		bool names_sequence = false;		   // it is not the one that Postgres chooses
		std::vector<std::string>
			on_update; // by column: trigger and function of ON UPDATE CURRENT_TIMESTAMP; else empty
	};
	// By position in SourceSchema::tables.
	const Table &operator[](size_t table) const { return tables_[table]; }

	// Everything that had a name and has another now. Partitions have no names of their own in MySQL: theirs begin with the table's.
	struct Rename {
		std::string kind; // "table", "column", "index", "foreign key", "check"; "type", "sequence": of that column
		std::string table, source, target;
	};
	const std::vector<Rename> &renames() const noexcept { return renames_; }

private:
	std::vector<Table> tables_;
	std::vector<Rename> renames_;
};

} // namespace alkconv::core
