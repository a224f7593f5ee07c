// Regime: C++ (may throw, never calls Postgres)
//
// Plain descriptions of both sides' catalogs: what mysql/catalog.cpp reads from information_schema, and what
// migrate/target_catalog.cpp reads from pg_catalog. The plan is a pure function of these two and the rules.
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// ---- source ---------------------------------------------------------------------------------------------------------

// What the rows say where a column's type depends on them; each is about the column's values and those of all columns that
// foreign keys tie to it.
enum class Evidence : uint8_t {
	none,	 // there is no value
	all,	 // every value is so
	not_all, // one is not, or the column cannot be so
};

struct ColumnFacts {
	bool asked = false;						  // false: nobody looked, the others mean nothing
	Evidence boolean = Evidence::not_all;	  // 0 or 1
	Evidence bigint = Evidence::not_all;	  // at most 2^63 - 1
	Evidence time_of_day = Evidence::not_all; // 00:00:00 to 24:00:00
	Evidence uuid = Evidence::not_all;		  // the text or the 16 bytes of a uuid
};

struct SourceColumn {
	std::string name;
	SourceType type;
	bool nullable = true;
	bool auto_increment = false;
	bool invisible = false;					 // MySQL 8.0.23+, MariaDB 10.3+: not in SELECT *, but data all the same
	bool generated = false;					 // virtual or stored
	std::string generation_expression;		 // of generated columns
	std::optional<std::string> default_text; // COLUMN_DEFAULT as the server spells it
	bool default_is_expression = false;		 // and not a literal
	// The literal itself, where default_text does not say it whole: characters, bytes, digits, UTC's wall time.
	std::optional<std::string> default_value;
	bool on_update_now = false; // ON UPDATE CURRENT_TIMESTAMP
	bool stored = false;		// of generated ones: STORED, not VIRTUAL
	// Why the translation of its default or generation expression is not to be used: where it differs (expression_proof.hpp).
	std::string refuted{};
	std::string comment;
	ColumnFacts facts;
};

// MariaDB's columns that say since when and until when a row is present.
bool IsRowStart(const SourceColumn &column);
bool IsRowEnd(const SourceColumn &column);

struct SourceKey {
	std::string name; // "PRIMARY" for the primary key
	bool unique = false;
	struct Part {
		std::optional<size_t> column; // position in SourceTable::columns; none for an expression part
		uint32_t prefix = 0;		  // characters or bytes; 0: the whole column
		bool descending = false;
		std::string expression;
		std::string refuted{}; // as SourceColumn::refuted
	};
	std::vector<Part> parts;
	std::string type;			   // BTREE, FULLTEXT, SPATIAL, HASH
	bool without_overlaps = false; // MariaDB: its last two columns are the end and the start of a period
};

struct SourceForeignKey {
	std::string name;
	std::vector<size_t> columns;
	std::string parent_database, parent_table;
	std::vector<std::string> parent_columns;
	std::string on_update, on_delete;
};

struct SourceCheck {
	std::string name, clause;
	bool enforced = true;
	std::string refuted{}; // as SourceColumn::refuted
};

struct SourcePartitioning {
	std::string method; // RANGE, LIST, HASH, RANGE COLUMNS, LIST COLUMNS, LINEAR HASH, KEY ...; empty: not partitioned
	std::string expression; // as the server spells it; a list of names for the COLUMNS methods
	bool subpartitions = false;
	struct Partition {
		std::string name;
		std::string description; // "10", "MAXVALUE", "1,2,NULL", "'2020-01-01',5"; empty for hashes
	};
	std::vector<Partition> partitions; // in their order
};

struct SourceTable {
	std::string name;
	std::string engine;
	std::string collation;
	std::string comment;
	uint64_t row_estimate = 0;		   // of the statistics; never used as a count
	uint64_t data_bytes = 0;		   // likewise
	uint64_t auto_increment = 0;	   // next value; 0: none
	std::vector<SourceColumn> columns; // by ordinal position, INVISIBLE and generated ones included
	std::vector<SourceKey> keys;
	std::vector<SourceForeignKey> foreign_keys;
	std::vector<SourceCheck> checks;
	SourcePartitioning partitioning;
	bool system_versioned = false; // MariaDB: it has a history, of which a plain SELECT shows nothing

	// Every key that identifies a row, best first: the primary key, then unique keys without prefixes, expressions and
	// nullable columns.
	struct IdentityKey {
		const SourceKey *key;		 // in `keys`
		std::vector<size_t> columns; // positions in `columns`, in the order of the key
	};
	std::vector<IdentityKey> IdentityKeys() const;
	// Their columns alone.
	std::vector<std::vector<size_t>> RowIdentities() const;
	// The first of them; empty when there is none.
	std::vector<size_t> RowIdentity() const;
};

// Whatever is not a base table: listed, never copied.
struct SourceObject {
	// "view", "sequence", "trigger", "procedure", "function", "event", "temporary table" ...
	std::string kind;
	std::string name;
	std::string table;	  // of triggers
	std::string source;	  // the statement that makes it, as far as the account may see it; filled by ReadSources
	std::string clause{}; // of sequences: what follows the name in Postgres' CREATE SEQUENCE, at its place
};

// What the account's privileges keep from it: what it may not see does not exist for it, and no error says so.
struct SourceSight {
	bool known = true;					   // the server has listed its privileges
	bool database = true;				   // SELECT on the whole database: it sees every table and every column
	std::vector<std::string> whole_tables; // otherwise: the tables of which it sees every column
	bool triggers = true, routines = true, events = true, view_texts = true;

	bool SeesAllColumns(const std::string &table) const;
};

struct SourceSchema {
	std::string database;
	std::string server_version; // VERSION()
	bool mariadb = false;
	std::string charset;			   // of the database
	bool lower_case_names = false;	   // lower_case_table_names <> 0
	std::vector<SourceTable> tables;   // by name, bytewise
	std::vector<SourceObject> objects; // by kind, then name
	SourceSight sight;
};

// The table of this name; nullptr: there is none.
const SourceTable *FindTable(const SourceSchema &schema, const std::string &name) noexcept;

// ---- target ---------------------------------------------------------------------------------------------------------

// Postgres cuts longer names (NAMEDATALEN - 1), and two that differ beyond it become one.
constexpr size_t kMaxIdentifierBytes = 63;
// Its tables, foreign ones too, have no more (MaxHeapAttributeNumber).
constexpr size_t kMaxColumns = 1600;

struct TargetColumn {
	std::string name;
	int16_t attnum = 0;
	TargetType type;
	bool not_null = false;
	bool has_default = false; // identity included
	bool generated = false;	  // stored or virtual: computed by Postgres
	bool identity = false;
	uint32_t sequence_oid = 0; // sequence owned by this column (serial, identity), or 0
};

struct TargetTable {
	uint32_t oid = 0;
	std::string schema, name;
	char relkind = 'r';
	std::vector<TargetColumn> columns; // by attnum, dropped ones left out
	std::vector<int16_t> primary_key;  // attnums
	bool filled_by_trigger = false;	   // a trigger looks at each row before it is inserted, and may fill any column
};

// An index of a target table.
struct TargetKey {
	std::string name;
	uint32_t table = 0;
	bool unique = false;
	bool btree = false;
	bool partial = false;			 // it has a predicate
	bool with_expressions = false;	 // a part is no column
	bool nulls_not_distinct = false; // NULLS NOT DISTINCT
	bool case_insensitive = false;	 // a part's collation holds different texts equal
	bool of_constraint = false;		 // it cannot be dropped by itself
	std::vector<int16_t> columns;	 // attnums of the key's columns, without INCLUDE
};

struct TargetSchema {
	std::string name;
	std::string postgis;			 // the schema of PostGIS, quoted where needed; empty: the database does not have it
	std::vector<TargetTable> tables; // by name, bytewise
	std::vector<TargetKey> keys;	 // by table, then name; read only where a rule asks for them
};

} // namespace alkconv::core
