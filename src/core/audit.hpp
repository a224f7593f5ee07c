// Regime: C++ (may throw, never calls Postgres)
//
// A second opinion about the schema that mode `create` makes: what two catalogs say of a table, property by property.
// It was written from the servers' manuals and shares nothing with what plans and makes the tables (catalog, plan,
// default types, expressions, statements). It is told which table and column became which, and what was noted as left
// out or made otherwise.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// ---- what both catalogs say -----------------------------------------------------------------------------------------

struct AuditPart {
	std::string column;	 // empty: an expression
	uint64_t prefix = 0; // source: so many characters or bytes of it; 0: all
	bool descending = false;
	std::string expression; // target: as the server writes it
};

struct AuditKey {
	std::string name;
	bool primary = false, unique = false;
	std::string method; // BTREE, FULLTEXT ...; btree, gin ...
	std::vector<AuditPart> parts;
	std::string condition; // target: why it is not one of all rows ("not valid", "of some rows"); else empty
};

struct AuditForeignKey {
	std::string name;
	std::vector<std::string> columns;
	std::string parent_schema, parent;
	std::vector<std::string> parent_columns;
	std::string on_update, on_delete; // CASCADE, RESTRICT, NO ACTION, SET NULL, SET DEFAULT
};

struct AuditCheck {
	std::string name, text;
	std::vector<std::string> columns; // target: those that it names
	bool enforced = true, validated = true;
	std::string contradicted = {}; // target: the values of which the source's condition says something else
};

struct AuditPartition {
	std::string name, bound; // as the server writes it
	std::optional<uint64_t> rows;
};

// ---- the source -----------------------------------------------------------------------------------------------------

struct AuditSourceColumn {
	std::string name;
	std::string kind; // DATA_TYPE
	std::string type; // COLUMN_TYPE
	std::string charset;
	uint64_t length = 0; // characters or bytes
	uint64_t precision = 0, scale = 0, fraction = 0;
	bool nullable = true, auto_increment = false, generated = false, on_update = false;
	bool of_history = false; // ROW START, ROW END
	std::optional<std::string> default_text;
	bool default_is_expression = false;
	std::string comment;
};

struct AuditSource {
	std::string name, comment;
	bool versioned = false;
	std::vector<AuditSourceColumn> columns;
	std::vector<AuditKey> keys;
	std::vector<AuditForeignKey> foreign_keys;
	std::vector<AuditCheck> checks;
	std::string partition_method, partition_expression;
	bool subpartitioned = false;
	std::vector<AuditPartition> partitions;
};

struct AuditSourceSchema {
	std::string database;
	bool mariadb = false;
	std::map<std::string, AuditSource> tables;
};

// ---- the target -----------------------------------------------------------------------------------------------------

struct AuditTargetColumn {
	std::string name;
	std::string type;				 // format_type()
	std::string collation;			 // another than its type's; empty: none
	std::vector<std::string> labels; // of an enum
	bool not_null = false, generated = false;
	std::string identity; // "d" by default, "a" always; empty: none
	std::optional<std::string> default_text;
	bool default_is_constant = false;		  // nothing of it can change
	std::optional<std::string> default_value; // of a constant, as AuditDefaultQuery wants it
	std::string comment;
};

// One BEFORE UPDATE FOR EACH ROW that is enabled.
struct AuditTrigger {
	std::string body;		// of its function
	std::string definition; // as the server writes it
};

struct AuditTarget {
	uint32_t oid = 0;
	std::string name, comment;
	bool partitioned = false;
	std::vector<AuditTargetColumn> columns; // in their order
	std::vector<AuditKey> keys;
	std::vector<AuditForeignKey> foreign_keys;
	std::vector<AuditCheck> checks;
	std::vector<AuditTrigger> on_update;
	std::string partition_key; // "RANGE (a, b)"
	std::vector<AuditPartition> partitions;
};

// ---- which is which -------------------------------------------------------------------------------------------------

struct AuditColumnPair {
	std::string source, target;
	std::string type_by_rule; // the argument of its rule target_type; empty: there is none
	bool boolean_by_rule = false;
	bool changed_by_rule = false; // other values than the source's: what the default becomes is the rule's
	bool empty_to_null = false;
	std::string collation_by_rule = {}; // the argument of its rule collation
};

struct AuditPair {
	std::string source, target;
	uint32_t target_oid = 0;
	bool audited = false;  // false: only known as a parent
	bool in_target = true; // false: of a parent that is not in this run: its names in the target are those by the rules
	bool all_rows = true;  // no rule and no reject keeps rows out
	std::vector<AuditColumnPair> columns;
	std::map<std::string, std::string> notes; // "kind object", and what was noted of it
};

struct AuditPairs {
	std::string target_schema;
	std::vector<AuditPair> tables;

	const AuditPair *OfSource(const std::string &table) const;
};

// ---- the result -----------------------------------------------------------------------------------------------------

struct AuditDifference {
	std::string object, source, target;
	bool besides = false; // the target has it and the source does not
};

struct AuditResult {
	const char *kind; // "columns", "defaults", "keys", "foreign keys", "checks", "on update", "comments", "partitions"
	size_t compared = 0;
	std::vector<AuditDifference> differences;
};

// Compares one audited table. Kinds of which neither side has anything are not in the result.
std::vector<AuditResult> AuditTable(const AuditSourceSchema &schema, const AuditSource &source,
									const AuditTarget &target, const AuditPair &pair, const AuditPairs &pairs);

// What the target's server is asked for the value of a default, in the form in which it is compared; empty where it is
// not.
std::string AuditDefaultQuery(const AuditTargetColumn &column);

// Whether rows are counted by partition: ranges and lists, for which the two servers choose by the same values.
bool CountsByPartition(const AuditSource &source, const AuditTarget &target, const AuditPair &pair);

} // namespace alkconv::core
