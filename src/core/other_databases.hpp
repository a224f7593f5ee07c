// Regime: C++ (may throw, never calls Postgres)
//
// Foreign keys whose parent is in another database of the source's server: which table of the target that is, if it is there.
#pragma once

#include "core/catalog.hpp"
#include "core/facts.hpp"
#include "core/rules.hpp"
#include "core/target_names.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

// Another database as the target has it.
struct OtherDatabase {
	struct Key {
		uint32_t table = 0;
		std::vector<int16_t> columns;
	};
	struct Unfit {
		uint32_t table = 0;
		std::string why; // after "its parent"
	};
	std::string name;	 // in the source
	TargetSchema target; // where it was migrated to, else the schema of its name; without tables when that is not there
	bool exists = false; // the schema
	std::vector<Key> keys;	  // those that foreign keys can refer to
	std::vector<Unfit> unfit; // tables to which the caller cannot refer
};

// The databases to which foreign keys of the source refer, each once.
std::vector<std::string> OtherDatabaseNames(const SourceSchema &source);

struct OtherParent {
	const TargetTable *table = nullptr;		   // nullptr: there is none
	std::vector<const TargetColumn *> columns; // in the key's order
	std::string why;						   // why there is none, or none that will do; empty: it will do
	// what it is called there, or will be once it is migrated
	std::string schema, name;
	std::vector<std::string> column_names;
};

// The parent of a key. Names are found as those of targets are: as rules rename them, else spelled as in the source, in another case or in snake_case.
OtherParent FindOtherParent(const std::vector<OtherDatabase> &others, const SourceForeignKey &key,
							const RuleSet &rules);

// The parent of a key within the database, as an earlier run has made it. `names`: those of the whole table.
OtherParent FindEarlierParent(const OtherDatabase &earlier, const SourceTable &source, const TargetNames::Table &names,
							  const SourceForeignKey &key);

// What the types of tables that earlier runs have made say to those that are still to be made.
std::vector<FactAnswer> AnswersOfEarlier(const SourceSchema &source, const OtherDatabase &earlier,
										 const std::vector<size_t> &created, const RuleSet &rules);

// What the types of parents say to the children, whose types their values decide: one answer for each column that could be of either type.
std::vector<FactAnswer> AnswersOfParents(const SourceSchema &source, const std::vector<OtherDatabase> &others,
										 const RuleSet &rules);

} // namespace alkconv::core
