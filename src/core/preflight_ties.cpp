// Regime: C++ (may throw, never calls Postgres)
//
// Ties of the target come from its catalog; those of a table to be created are read from the source, expressions by the names in them.
#include "core/preflight_ties.hpp"

#include "core/plan_table.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace alkconv::core {

namespace {

bool IsNameCharacter(char c) noexcept {
	return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
		   static_cast<unsigned char>(c) >= 0x80;
}

// Whether the name stands in the expression as a word, in any case: too often is no harm.
bool Mentions(const std::string &expression, const std::string &name) {
	const auto same = [](char a, char b) {
		return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
	};
	auto at = expression.begin();
	for (;; ++at) {
		at = std::search(at, expression.end(), name.begin(), name.end(), same);
		if (at == expression.end())
			return false;
		const auto end = at + static_cast<std::ptrdiff_t>(name.size());
		if ((at == expression.begin() || !IsNameCharacter(*(at - 1))) &&
			(end == expression.end() || !IsNameCharacter(*end)))
			return true;
	}
}

// The work of one TiesOf call.
class Collector {
public:
	Collector(const SourceSchema &source, const Plan &plan, const std::vector<TargetTie> &target)
		: source_(source), plan_(plan), target_(target) {}

	Ties Collect() {
		AddExisting();
		for (const TablePlan &table : plan_.tables)
			if (table.create)
				AddCreated(table, source_.tables[table.source]);
		return std::move(ties_);
	}

private:
	const SourceSchema &source_;
	const Plan &plan_;
	const std::vector<TargetTie> &target_;
	Ties ties_;

	void Add(const std::string &table, const std::string &column, std::string what, bool nulls) {
		TargetTie tie;
		tie.what = std::move(what);
		tie.nulls = nulls;
		ties_[{table, column}].Add(tie);
	}

	void AddExisting() {
		std::map<std::pair<uint32_t, int16_t>, std::pair<std::string, std::string>> columns;
		for (const TablePlan &table : plan_.tables)
			for (const ColumnPlan &column : table.columns)
				if (!table.create)
					columns[{table.target_oid, column.attnum}] = {table.source_name, column.source_name};
		for (const TargetTie &tie : target_)
			if (const auto column = columns.find({tie.table, tie.attnum}); column != columns.end())
				ties_[column->second].Add(tie);
	}

	void AddMentioned(const SourceTable &table, const std::string &expression, const std::string &what) {
		for (const SourceColumn &column : table.columns)
			if (Mentions(expression, column.name))
				Add(table.name, column.name, what, true);
	}

	void AddKeys(const SourceTable &table) {
		for (const SourceKey &key : table.keys)
			for (const SourceKey::Part &part : key.parts) {
				const std::string what = "unique key " + Quoted(key.name);
				if (key.unique && part.column)
					Add(table.name, table.columns[*part.column].name, what, false);
				else if (key.unique)
					AddMentioned(table, part.expression, what);
			}
	}

	void AddForeignKeys(const SourceTable &table) {
		for (const SourceForeignKey &key : table.foreign_keys) {
			const std::string what = "foreign key " + Quoted(key.name);
			for (const size_t column : key.columns)
				Add(table.name, table.columns[column].name, what, false);
		}
		for (const SourceTable &child : source_.tables)
			for (const SourceForeignKey &key : child.foreign_keys)
				if (key.parent_table == table.name && key.parent_database == source_.database)
					for (const std::string &column : key.parent_columns)
						Add(table.name, column, "foreign key " + Quoted(key.name) + " of " + Quoted(child.name), true);
	}

	void AddCreated(const TablePlan &plan, const SourceTable &table) {
		AddKeys(table);
		AddForeignKeys(table);
		for (const SourceCheck &check : table.checks)
			AddMentioned(table, check.clause, "CHECK constraint " + Quoted(check.name));
		if (!table.partitioning.method.empty() && !plan.flatten)
			AddMentioned(table, table.partitioning.expression, "the partition key");
		for (const GeneratedColumn &generated : plan.generated)
			AddMentioned(table, table.columns[generated.column.source].generation_expression,
						 "generated column " + Quoted(generated.column.source_name));
	}
};

} // namespace

void ColumnTies::Add(const TargetTie &tie) {
	if (values.empty())
		values = tie.what;
	if (nulls.empty() && tie.nulls)
		nulls = tie.what;
}

Ties TiesOf(const SourceSchema &source, const Plan &plan, const std::vector<TargetTie> &target) {
	return Collector(source, plan, target).Collect();
}

const ColumnTies &TiesOfColumn(const Ties &ties, const std::string &table, const std::string &column) {
	static const ColumnTies kNone;
	const auto found = ties.find({table, column});
	return found == ties.end() ? kNone : found->second;
}

} // namespace alkconv::core
