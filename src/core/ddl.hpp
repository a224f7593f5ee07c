// Regime: C++ (may throw, never calls Postgres)
//
// The statements of mode `create`: what makes the tables that a plan says are to be created, with everything that the source's catalog
// says of them and Postgres can keep, and a note of everything that it cannot. A pure function of source, plan and options: a run and a
// baseline use the same list.
#pragma once

#include "core/expression_proof.hpp"
#include "core/other_databases.hpp"
#include "core/plan.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

// An enum type, and a trigger function, of the target schema.
struct ExistingEnum {
	std::string name;
	std::vector<std::string> labels;
};
struct ExistingFunction {
	std::string name, body;
};

// What runs before this one have made in the target schema, of other tables of the same source.
struct EarlierRuns {
	OtherDatabase schema; // its tables and their keys
	std::vector<ExistingEnum> enums;
	std::vector<ExistingFunction> functions;
	// Foreign keys that they could not make because the parent was left out.
	struct MissingKey {
		std::string table, name; // in the source
	};
	std::vector<MissingKey> missing;
};

struct DdlOptions {
	std::string schema;				   // of the target
	int postgres_version = 170000;	   // server_version_num
	std::vector<OtherDatabase> others; // where the parents of foreign keys across databases are
	EarlierRuns earlier;
};

// The kind of the statements that add foreign keys: a run does not let the server look for orphans, it looks itself.
constexpr const char *kForeignKeyStatement = "foreign key";

// An index of which an entry may be longer than the server takes.
struct DdlIndex {
	std::string source_name;		// of the key in the source
	std::vector<std::string> parts; // expressions over the table's columns; empty: its entries are short
	bool of_words = false;			// an entry for each word: it is their number that has an end
	bool unique = false;
};

// A CHECK that rows may violate.
struct DdlCheck {
	std::string source_name; // in the source
	std::string condition;	 // over the table's columns; empty: rows are not looked at
};

struct DdlStatement {
	bool after_load = false; // indexes, keys and the like are made once, of all rows
	std::string kind;	 // "type", "table", "partition", "primary key", "unique", "index", "check", "foreign key" ...
	std::string table;	 // of the target
	std::string object;	 // what it makes, by its name in the target; empty for the table itself
	std::string sql;	 // one statement without semicolon, everything qualified and quoted
	bool across = false; // a foreign key to a table of another database
	DdlIndex index = {};
	DdlCheck check = {};
};

// Something of the source that the target does not have, or has otherwise. Nothing is lost without one.
struct DdlNote {
	std::string kind;	// "view", "trigger", "index", "check", "default", "column" ...; "renamed ..." for another name
	std::string table;	// of the source; empty for objects of the database
	std::string object; // its name in the source
	std::string text;	// what became of it, and why
	std::string source; // as the source spells it; may be empty
	std::string other_name = ""; // of "renamed ...": what it is called
};

struct Ddl {
	std::vector<DdlStatement> statements; // in the order in which they run; those before the load first
	std::vector<DdlNote> notes;
	std::vector<TranslatedExpression> expressions; // what the statements hold of the source's expressions
};

Ddl MakeDdl(const SourceSchema &source, const Plan &plan, const RuleSet &rules, const DdlOptions &options);

} // namespace alkconv::core
