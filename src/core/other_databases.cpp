// Regime: C++ (may throw, never calls Postgres)
//
// The other database's catalog is not read: what the target has decides.
#include "core/other_databases.hpp"

#include "core/plan_names.hpp"
#include "core/plan_table.hpp"
#include "core/target_names.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

const OtherDatabase *FindDatabase(const std::vector<OtherDatabase> &others, const std::string &name) {
	for (const OtherDatabase &other : others)
		if (other.name == name)
			return &other;
	return nullptr;
}

// What the target calls the parent where it is free to: rules rename it, and names may be too long.
TargetNames::Table WantedNames(const SourceForeignKey &key, const RuleSet &rules) {
	SourceSchema schema;
	SourceTable &table = schema.tables.emplace_back();
	table.name = key.parent_table;
	for (const std::string &column : key.parent_columns)
		table.columns.emplace_back().name = column;
	return TargetNames(schema, rules)[0];
}

template <typename T>
const T *Match(const std::string &wanted, const std::vector<T> &targets) {
	std::vector<std::string> names;
	for (const T &target : targets)
		names.push_back(target.name);
	const NameMatch match = MatchNames({wanted}, names).at(0);
	return match.target ? &targets[*match.target] : nullptr;
}

bool IsKey(const OtherDatabase &other, const OtherParent &parent) {
	return std::any_of(other.keys.begin(), other.keys.end(), [&](const OtherDatabase::Key &key) {
		return key.table == parent.table->oid && key.columns.size() == parent.columns.size() &&
			   std::all_of(parent.columns.begin(), parent.columns.end(), [&](const TargetColumn *column) {
				   return std::find(key.columns.begin(), key.columns.end(), column->attnum) != key.columns.end();
			   });
	});
}

// Fills in the columns; why it will not do, or nothing.
std::string Misfit(const OtherDatabase &other, OtherParent &parent) {
	if (!other.exists)
		return "there is no schema " + Quoted(other.target.name);
	const std::string where = "schema " + Quoted(other.target.name) + " has no ";
	if (parent.table == nullptr)
		return where + "table " + Quoted(parent.name);
	for (const OtherDatabase::Unfit &unfit : other.unfit)
		if (unfit.table == parent.table->oid)
			return "it " + unfit.why;
	for (const std::string &name : parent.column_names) {
		parent.columns.push_back(Match(name, parent.table->columns));
		if (parent.columns.back() == nullptr)
			return where + "column " + Quoted(parent.name) + "." + Quoted(name);
	}
	return IsKey(other, parent) ? "" : "its columns are not a unique key of their own";
}

PgKind KindOf(FactKind kind) noexcept {
	switch (kind) {
	case FactKind::boolean: return PgKind::boolean;
	case FactKind::bigint: return PgKind::int8;
	case FactKind::time_of_day: return PgKind::time;
	case FactKind::uuid: break;
	}
	return PgKind::uuid;
}

} // namespace

std::vector<std::string> OtherDatabaseNames(const SourceSchema &source) {
	std::vector<std::string> names;
	for (const SourceTable &table : source.tables)
		for (const SourceForeignKey &key : table.foreign_keys)
			if (key.parent_database != source.database &&
				std::find(names.begin(), names.end(), key.parent_database) == names.end())
				names.push_back(key.parent_database);
	return names;
}

OtherParent FindOtherParent(const std::vector<OtherDatabase> &others, const SourceForeignKey &key,
							const RuleSet &rules) {
	const TargetNames::Table wanted = WantedNames(key, rules);
	OtherParent parent;
	parent.name = wanted.name;
	parent.column_names = wanted.columns;
	parent.schema = key.parent_database;
	const OtherDatabase *other = FindDatabase(others, key.parent_database);
	if (other == nullptr) {
		parent.why = "no schema of the target is known to hold it";
		return parent;
	}
	parent.schema = other->target.name;
	parent.table = Match(wanted.name, other->target.tables);
	parent.why = Misfit(*other, parent);
	if (!parent.why.empty())
		return parent;
	parent.name = parent.table->name;
	for (size_t i = 0; i < parent.columns.size(); i++)
		parent.column_names[i] = parent.columns[i]->name;
	return parent;
}

OtherParent FindEarlierParent(const OtherDatabase &earlier, const SourceTable &source, const TargetNames::Table &names,
							  const SourceForeignKey &key) {
	OtherParent parent;
	parent.schema = earlier.target.name;
	parent.name = names.name;
	for (const std::string &name : key.parent_columns)
		for (size_t c = 0; c < source.columns.size(); c++)
			if (source.columns[c].name == name)
				parent.column_names.push_back(names.columns[c]);
	parent.table = Match(parent.name, earlier.target.tables);
	if (parent.table == nullptr)
		return parent;
	parent.why = Misfit(earlier, parent);
	if (parent.why.empty())
		parent.name = parent.table->name;
	return parent;
}

std::vector<FactAnswer> AnswersOfEarlier(const SourceSchema &source, const OtherDatabase &earlier,
										 const std::vector<size_t> &created, const RuleSet &rules) {
	const TargetNames names(source, rules);
	std::vector<FactAnswer> answers;
	for (size_t t = 0; t < source.tables.size(); t++) {
		const bool is_new = std::find(created.begin(), created.end(), t) != created.end();
		const TargetTable *table = is_new ? nullptr : Match(names[t].name, earlier.target.tables);
		for (size_t c = 0; table != nullptr && c < source.tables[t].columns.size(); c++) {
			FactKind kind;
			const TargetColumn *column = Match(names[t].columns[c], table->columns);
			if (column != nullptr && HasQuestion(source.tables[t], c, kind))
				answers.push_back({t, c, kind, column->type.kind == KindOf(kind) ? Evidence::all : Evidence::not_all});
		}
	}
	return answers;
}

std::vector<FactAnswer> AnswersOfParents(const SourceSchema &source, const std::vector<OtherDatabase> &others,
										 const RuleSet &rules) {
	std::vector<FactAnswer> answers;
	for (size_t t = 0; t < source.tables.size(); t++)
		for (const SourceForeignKey &key : source.tables[t].foreign_keys) {
			if (key.parent_database == source.database)
				continue;
			const OtherParent parent = FindOtherParent(others, key, rules);
			for (size_t i = 0; parent.why.empty() && i < key.columns.size(); i++) {
				FactKind kind;
				if (HasQuestion(source.tables[t], key.columns[i], kind))
					answers.push_back(
						{t, key.columns[i], kind,
						 parent.columns[i]->type.kind == KindOf(kind) ? Evidence::all : Evidence::not_all});
			}
		}
	return answers;
}

} // namespace alkconv::core
