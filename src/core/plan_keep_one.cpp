// Regime: C++ (may throw, never calls Postgres)
//
// The rows are chosen by ROW_NUMBER() over values as preflight compares them; the proof counts different keys by
// digests of the renderings that the digest of the table has, and the target counts its own.
#include "core/plan_keep_one.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/digest_pairs.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <cstdlib>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

constexpr size_t kSortedCharacters = 255; // the source sorts by the beginning of what is longer

// Why the source cannot say when the target holds two values of the column equal; nullptr: it can.
const char *WhyNotSaid(const ColumnPlan &column, bool mariadb) {
	if (IsCaseless(column))
		return "the target's type ignores case by rules of its own";
	if (column.target_type.kind == PgKind::float4 || column.target_type.kind == PgKind::float8)
		return "0 and -0 are equal numbers, and different values";
	if (column.policy.zone != nullptr && !column.policy.zone->is_fixed())
		return "several of its values may be one in its time zone";
	if (Comparable(column, mariadb, "", false).empty())
		return "what a value equals in the target cannot be written in the source's SQL";
	return nullptr;
}

// The work of one KeptKeysOf call.
class Finder {
public:
	Finder(const SourceSchema &schema, const TargetSchema &target, const RuleSet &rules, const TablePlan &table,
		   std::vector<PlanProblem> &problems)
		: schema_(schema), source_(schema.tables[table.source]), target_(target), rules_(rules), table_(table),
		  problems_(problems) {}

	std::vector<KeptKey> Find() {
		for (const Rule *rule : rules_.FindAll(RuleAction::keep_one, source_.name))
			Add(*rule);
		return std::move(kept_);
	}

private:
	const SourceSchema &schema_;
	const SourceTable &source_;
	const TargetSchema &target_;
	const RuleSet &rules_;
	const TablePlan &table_;
	std::vector<PlanProblem> &problems_;
	std::vector<KeptKey> kept_;

	void Refuse(const Rule &rule, const std::string &column, const std::string &why, const std::string &hint) {
		problems_.push_back(
			{Code::unsupported, source_.name, column,
			 "rule " + RuleText(rule) + " cannot be followed for table " + Quoted(source_.name) + ": " + why, hint});
	}

	static constexpr const char *kOtherWays =
		"Delete or change the rule in alkconv.rule, and mend the rows in the source.";

	void Add(const Rule &rule) {
		KeptKey key;
		key.rule = &rule;
		key.said = ParseKeepOne(rule.argument);
		const bool known = key.said.columns.empty() ? FindNamed(key) : FindColumns(key);
		if (!known || IsRepeated(key) || !CanBeSaid(key))
			return;
		kept_.push_back(std::move(key));
	}

	// Two rules about one key: the first one governs.
	bool IsRepeated(const KeptKey &key) const {
		return std::any_of(kept_.begin(), kept_.end(), [&](const KeptKey &other) { return other.name == key.name; });
	}

	bool Unknown(const Rule &rule, const std::string &what) {
		if (SpellsExactly(rule.table_pattern, source_.name))
			Refuse(rule, "", what, "Spell it as the catalog does, or delete the rule in alkconv.rule.");
		return false;
	}

	const ColumnPlan *Copied(size_t source) const {
		for (const ColumnPlan &column : table_.columns)
			if (column.source == source)
				return &column;
		return nullptr;
	}

	const SourceColumn *ColumnNamed(const std::string &name) const {
		for (const SourceColumn &column : source_.columns)
			if (column.name == name)
				return &column;
		return nullptr;
	}

	bool AddColumn(KeptKey &key, size_t source) {
		const ColumnPlan *column = Copied(source);
		if (column == nullptr) {
			Refuse(*key.rule, source_.columns[source].name,
				   "column " + Quoted(source_.columns[source].name) + " is not copied", kOtherWays);
			return false;
		}
		key.columns.push_back(*column);
		return true;
	}

	bool FindColumns(KeptKey &key) {
		for (const std::string &name : key.said.columns) {
			const SourceColumn *column = ColumnNamed(name);
			if (column == nullptr)
				return Unknown(*key.rule, "the source table has no column " + Quoted(name));
			if (!AddColumn(key, static_cast<size_t>(column - source_.columns.data())))
				return false;
			key.name += (key.name.empty() ? "columns " : ", ") + Quoted(name);
		}
		return true;
	}

	bool FindNamed(KeptKey &key) {
		for (const TargetKey &index : target_.keys)
			if (table_.target_oid != 0 && index.table == table_.target_oid && index.unique &&
				index.name == key.said.key)
				return TakeIndex(key, index);
		for (const SourceKey &own : source_.keys)
			if (own.unique && own.name == key.said.key)
				return TakeSourceKey(key, own);
		return Unknown(*key.rule, "neither the target table nor the source has a unique index or constraint " +
									  Quoted(key.said.key));
	}

	bool TakeIndex(KeptKey &key, const TargetKey &index) {
		key.name = "unique index " + Quoted(index.name);
		key.nulls_not_distinct = index.nulls_not_distinct;
		const std::vector<const ColumnPlan *> columns = ColumnsOf(table_, index.columns);
		const char *why = index.partial			   ? " has a predicate"
						  : index.with_expressions ? " has a part that is an expression"
						  : index.case_insensitive ? " has a collation that holds different texts equal"
						  : columns.empty()		   ? " has a column that is not copied"
												   : nullptr;
		if (why != nullptr) {
			Refuse(*key.rule, "", key.name + why, kOtherWays);
			return false;
		}
		for (const ColumnPlan *column : columns)
			key.columns.push_back(*column);
		return true;
	}

	// The key that alkconv makes of it, under whatever name.
	bool TakeSourceKey(KeptKey &key, const SourceKey &own) {
		key.name = "unique key " + Quoted(own.name);
		for (const SourceKey::Part &part : own.parts) {
			if (!part.column || part.prefix != 0) {
				Refuse(*key.rule, "", key.name + " has a part that is no whole column", kOtherWays);
				return false;
			}
			if (!AddColumn(key, *part.column))
				return false;
		}
		return true;
	}

	bool HasWindowFunctions() const { return schema_.mariadb || std::atoi(schema_.server_version.c_str()) >= 8; }

	bool CanBeSaid(const KeptKey &key) {
		for (const ColumnPlan &column : key.columns)
			if (const char *why = WhyNotSaid(column, schema_.mariadb)) {
				Refuse(*key.rule, column.source_name, "column " + Quoted(column.source_name) + ": " + why, kOtherWays);
				return false;
			}
		const char *why =
			source_.RowIdentity().empty()
				? "it has neither a primary key nor a unique one without NULLs, which would tell its rows apart"
			: !HasWindowFunctions() ? "the source has no window functions: MySQL has them from 8.0 on"
									: nullptr;
		if (why != nullptr) {
			Refuse(*key.rule, "", why, kOtherWays);
			return false;
		}
		return key.said.by.empty() || ColumnNamed(key.said.by) != nullptr ||
			   Unknown(*key.rule, "the source table has no column " + Quoted(key.said.by));
	}
};

std::vector<std::string> Identity(const SourceTable &table, const std::string &row) {
	std::vector<std::string> columns;
	for (const size_t column : table.RowIdentity())
		columns.push_back(row + "." + my::Identifier(table.columns[column].name));
	return columns;
}

// A row without the value that orders comes behind all others.
std::string Order(const KeptKey &key, const SourceTable &table, const std::string &row) {
	const std::string direction = key.said.last ? " DESC" : "";
	std::vector<std::string> parts;
	if (!key.said.by.empty()) {
		const std::string by = row + "." + my::Identifier(key.said.by);
		parts = {by + " IS NULL", by + direction};
	}
	for (const std::string &column : Identity(table, row))
		parts.push_back(column + direction);
	return Joined(parts, ",");
}

bool IsLong(const ColumnPlan &column) {
	const Family family = FamilyOf(column.source_type.kind);
	return (family == Family::text || family == Family::binary) && column.source_type.length > kSortedCharacters;
}

struct Partition {
	std::string by, where;
};

Partition PartitionOf(const KeptKey &key, bool mariadb, const std::string &row, const std::string &among) {
	std::vector<std::string> by, where;
	if (!among.empty())
		where.push_back(among);
	for (const ColumnPlan &column : key.columns) {
		const std::string value = Comparable(column, mariadb, row, false);
		by.push_back(IsLong(column) ? my::Sha256(value) : value);
		// a value that cannot be converted is NULL here, and an error of the run
		where.push_back(key.nulls_not_distinct
							? "(" + value + " IS NOT NULL OR " + RuledOperand(column, mariadb, row) + " IS NULL)"
							: value + " IS NOT NULL");
	}
	return {Joined(by, ","), Joined(where, " AND ")};
}

std::string Over(const Partition &partition, const std::string &order) {
	return " OVER (PARTITION BY " + partition.by + " ORDER BY " + order + ")";
}

// One text for each different key; NULL for a row whose key equals none.
std::string DifferentKey(const KeptKey &key, bool mariadb, std::vector<std::string> &selected) {
	std::vector<std::string> parts;
	for (const ColumnPlan &column : key.columns) {
		const std::string name = my::Identifier(column.source_name);
		const digest::Pair pair = digest::RenderPair(column, "", mariadb);
		const Family family = FamilyOf(column.source_type.kind);
		// what has several renderings of equal values is compared as it was chosen
		const bool rendered = !pair.reread && !pair.recheck && family != Family::float_ && family != Family::double_;
		selected.push_back((rendered ? RuledOperand(column, mariadb) : Comparable(column, mariadb, "", false)) +
						   " AS " + name);
		// renderings are of values: what they make of NULL means nothing
		parts.push_back("IF(" + name + " IS NULL," + (key.nulls_not_distinct ? "'!'," : "NULL,") +
						my::Sha256(rendered ? pair.mysql.value : my::AsChar(name)) + ")");
	}
	return "CONCAT(" + Joined(parts, ",") + ")";
}

std::string CountQuery(const KeptKey &key, bool mariadb, const std::string &from, const std::string &among) {
	std::vector<std::string> selected;
	const std::string different = DifferentKey(key, mariadb, selected);
	return "SELECT COUNT(k)-COUNT(DISTINCT k),COUNT(DISTINCT k) FROM (SELECT " + different + " AS k FROM (SELECT " +
		   Joined(selected, ",") + " FROM " + from + (among.empty() ? "" : " WHERE " + among) + ") AS r) AS d";
}

std::string ListQuery(const KeptKey &key, const SourceSchema &source, const TablePlan &table,
					  const std::string &among) {
	const std::string from = FromTable(source, table);
	const Partition partition = PartitionOf(key, source.mariadb, "", among);
	const std::string over = Over(partition, Order(key, source.tables[table.source], from));
	const RowKey row = KeyOf(source.tables[table.source], table);
	return "SELECT row_key,kept FROM (SELECT " + row.shown + " AS row_key,FIRST_VALUE(" + row.shown + ")" + over +
		   " AS kept,ROW_NUMBER()" + over + " AS n," + row.position + " AS place FROM " + from + " WHERE " +
		   partition.where + ") AS d WHERE n>1 ORDER BY place LIMIT " + std::to_string(KeyRule::kListed + 1);
}

} // namespace

std::vector<KeptKey> KeptKeysOf(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules,
								const TablePlan &table, std::vector<PlanProblem> &problems) {
	return Finder(source, target, rules, table, problems).Find();
}

std::string StaysUnder(const KeptKey &key, const SourceSchema &source, const TablePlan &table, const std::string &row,
					   const std::string &inner, const std::string &among) {
	const SourceTable &own = source.tables[table.source];
	const Partition partition = PartitionOf(key, source.mariadb, inner, among);
	std::vector<std::string> aliased, names;
	for (const std::string &column : Identity(own, inner)) {
		names.push_back("k" + std::to_string(names.size()));
		aliased.push_back(column + " AS " + names.back());
	}
	const std::vector<std::string> identity = Identity(own, row);
	return (identity.size() == 1 ? identity[0] : "(" + Joined(identity, ",") + ")") + " NOT IN (SELECT " +
		   Joined(names, ",") + " FROM (SELECT " + Joined(aliased, ",") + ",ROW_NUMBER()" +
		   Over(partition, Order(key, own, inner)) + " AS n FROM " + FromTable(source, table) + " AS " + inner +
		   " WHERE " + partition.where + ") AS alkconv_d WHERE n>1)";
}

KeyRule DuplicateRule(const KeptKey &key, const SourceSchema &source, const TablePlan &table,
					  const std::string &among) {
	KeyRule rule;
	rule.kind = KeyRule::Kind::duplicate;
	rule.rule = {key.rule->id, RuleText(*key.rule)};
	const std::string from = FromTable(source, table);
	rule.count_sql = CountQuery(key, source.mariadb, from, among);
	rule.total_sql = "SELECT COUNT(*) FROM " + from;
	rule.list_sql = ListQuery(key, source, table, among);
	rule.key_name = key.name;
	for (const ColumnPlan &column : key.columns)
		rule.key_columns.push_back(column.target_name);
	rule.nulls_not_distinct = key.nulls_not_distinct;
	return rule;
}

} // namespace alkconv::core
