// Regime: C++ (may throw, never calls Postgres)
//
// Foreign keys with their actions, where the parent is there and Postgres can refer to it.
#include "core/ddl_table.hpp"
#include "core/ddl_text.hpp"
#include "core/plan_table.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

bool IsInteger(PgKind kind) noexcept { return kind == PgKind::int2 || kind == PgKind::int4 || kind == PgKind::int8; }

bool IsText(PgKind kind) noexcept { return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar; }

// Whether Postgres compares the two with an operator of the parent's index.
bool Comparable(const TargetType &parent, const TargetType &child) noexcept {
	if (parent.kind == PgKind::enum_ || parent.kind == PgKind::other)
		return WithPlainNames(parent.text) == WithPlainNames(child.text);
	return parent.kind == child.kind || (IsInteger(parent.kind) && IsInteger(child.kind)) ||
		   (IsText(parent.kind) && IsText(child.kind)) || (parent.kind == PgKind::numeric && IsInteger(child.kind));
}

// The positions of the parent's columns; nothing when one is not there.
std::optional<std::vector<size_t>> ParentColumns(const SourceTable &parent, const SourceForeignKey &key) {
	std::vector<size_t> columns;
	for (const std::string &name : key.parent_columns)
		for (size_t c = 0; c < parent.columns.size(); c++)
			if (parent.columns[c].name == name)
				columns.push_back(c);
	return columns.size() == key.parent_columns.size() ? std::make_optional(std::move(columns)) : std::nullopt;
}

// InnoDB lets a foreign key refer to any index; Postgres wants a unique one over exactly these columns.
bool IsUnique(const DdlTable &parent, const std::vector<size_t> &columns) {
	const std::vector<SourceKey> &keys = parent.source.keys;
	return std::any_of(keys.begin(), keys.end(), [&](const SourceKey &key) {
		return key.unique && parent.SkippedBy(key) == nullptr && key.parts.size() == columns.size() &&
			   std::all_of(key.parts.begin(), key.parts.end(), [&](const SourceKey::Part &part) {
				   return part.column && part.prefix == 0 &&
						  std::find(columns.begin(), columns.end(), *part.column) != columns.end();
			   });
	});
}

const TablePlan *FindPlan(const Plan &plan, const std::string &source_table) {
	for (const TablePlan &table : plan.tables)
		if (table.source_name == source_table)
			return &table;
	return nullptr;
}

// Goes into a statement as it is, and the source may be hostile.
bool IsAction(const std::string &action) noexcept {
	return action.empty() || action == "NO ACTION" || action == "RESTRICT" || action == "CASCADE" ||
		   action == "SET NULL" || action == "SET DEFAULT";
}

std::string Action(const char *clause, const std::string &action) {
	return action.empty() || action == "NO ACTION" ? "" : clause + action;
}

std::string AddKeyStatement(const std::string &child, const std::string &name, const std::string &here,
							const std::string &parent, const std::string &there, const SourceForeignKey &key) {
	return "ALTER TABLE " + child + " ADD CONSTRAINT " + Quoted(name) + " FOREIGN KEY (" + here + ") REFERENCES " +
		   parent + " (" + there + ")" + Action(" ON UPDATE ", key.on_update) + Action(" ON DELETE ", key.on_delete);
}

class ForeignKey {
public:
	ForeignKey(const DdlTable &child, const SourceForeignKey &key, const std::string &name, const Plan &plan,
			   const TargetNames &names)
		: child_(child), key_(key), name_(name), plan_(plan), names_(names) {}

	void Add() {
		const std::string why = Make();
		if (!why.empty())
			child_.Note("foreign key", key_.name, "not made: " + why);
	}

private:
	const DdlTable &child_;
	const SourceForeignKey &key_;
	const std::string &name_;
	const Plan &plan_;
	const TargetNames &names_;

	// Why there is none; empty when it was made.
	std::string Make() {
		const std::optional<std::string> here = child_.ColumnList(key_.columns);
		if (!here)
			return "one of its columns stays in the source";
		if (!IsAction(key_.on_update) || !IsAction(key_.on_delete))
			return "its action is none that Postgres has";
		return key_.parent_database == child_.schema.database ? MakeWithin(*here) : MakeAcross(*here);
	}

	std::string MakeWithin(const std::string &here) {
		const TablePlan *parent_plan = FindPlan(plan_, key_.parent_table);
		if (parent_plan == nullptr)
			return MakeToEarlier(here);
		const SourceTable &source = child_.schema.tables[parent_plan->source];
		const DdlTable parent = {child_.schema, source,			*parent_plan, names_[parent_plan->source],
								 child_.rules,	child_.options, child_.ddl};
		const std::optional<std::vector<size_t>> columns = ParentColumns(source, key_);
		const std::optional<std::string> there = columns ? parent.ColumnList(*columns) : std::nullopt;
		if (!columns || !there)
			return "one of its columns stays in the source";
		if (!IsUnique(parent, *columns))
			return "its parent's columns are not a unique key of their own";
		for (size_t i = 0; i < columns->size(); i++) {
			const ColumnPlan *parent_column = parent.Column((*columns)[i]);
			const std::string misfit = Misfit(i, parent_column->target_type, parent_column->collation);
			if (!misfit.empty())
				return misfit;
		}
		child_.After(kForeignKeyStatement, name_, Statement(here, child_.Qualified(parent_plan->target_name), *there));
		return "";
	}

	// To a table that an earlier run has loaded. What is not there yet is made by the run that brings the parent.
	std::string MakeToEarlier(const std::string &here) {
		const std::string left_out = "its parent " + Quoted(key_.parent_table) + " is left out";
		const OtherParent parent = EarlierParent();
		if (parent.table == nullptr)
			return left_out + ", a run that makes it makes the key";
		std::string why = parent.why;
		for (size_t i = 0; why.empty() && i < parent.columns.size(); i++)
			why = Misfit(i, parent.columns[i]->type, "");
		if (!why.empty())
			return left_out + ": " + why;
		child_.After(kForeignKeyStatement, name_, Statement(here, child_.Qualified(parent.name), Names(parent)));
		return "";
	}

	OtherParent EarlierParent() const {
		for (size_t t = 0; t < child_.schema.tables.size(); t++)
			if (child_.schema.tables[t].name == key_.parent_table)
				return FindEarlierParent(child_.options.earlier.schema, child_.schema.tables[t], names_[t], key_);
		return {};
	}

	static std::string Names(const OtherParent &parent) {
		std::string names;
		for (const std::string &name : parent.column_names)
			names += (names.empty() ? "" : ", ") + Quoted(name);
		return names;
	}

	// In another database of the source. What is not there yet is made later, by the statement in the note.
	std::string MakeAcross(const std::string &here) {
		const OtherParent parent = FindOtherParent(child_.options.others, key_, child_.rules);
		const std::string statement =
			WithPlainNames(Statement(here, Quoted(parent.schema) + "." + Quoted(parent.name), Names(parent)));
		std::string why = parent.why;
		if (why.empty() && IsPlanned(*parent.table))
			why = "that table is loaded from this one";
		for (size_t i = 0; why.empty() && i < parent.columns.size(); i++)
			why = Misfit(i, parent.columns[i]->type, "");
		if (!why.empty())
			return "its parent is in database " + Quoted(key_.parent_database) + ": " + why +
				   "; to make it later: " + statement;
		child_.After(kForeignKeyStatement, name_, statement);
		child_.ddl.statements.back().across = true;
		return "";
	}

	bool IsPlanned(const TargetTable &table) const {
		return std::any_of(plan_.tables.begin(), plan_.tables.end(),
						   [&](const TablePlan &planned) { return planned.target_oid == table.oid; });
	}

	// Why the i-th column cannot refer to a parent's; empty: it can.
	std::string Misfit(size_t i, const TargetType &parent, const std::string &parent_collation) const {
		constexpr int kOneCollation = 180000; // which two texts are equal must not depend on the side
		const ColumnPlan *column = child_.Column(key_.columns[i]);
		if (!Comparable(parent, column->target_type))
			return column->target_type.text + " cannot refer to " + parent.text;
		if (column->collation != parent_collation && child_.options.postgres_version >= kOneCollation)
			return "its columns have different collations by a rule";
		return "";
	}

	std::string Statement(const std::string &here, const std::string &parent, const std::string &there) const {
		return AddKeyStatement(child_.Name(), name_, here, parent, there, key_);
	}
};

} // namespace

namespace {

// A foreign key of a table that an earlier run has made.
class MissingKey {
public:
	MissingKey(const DdlTable &parent, size_t child, const SourceForeignKey &key, const TargetNames &names)
		: parent_(parent), source_(parent.schema.tables[child]), key_(key), names_(names[child]) {}

	void Add(const std::string &name) const {
		const TargetTable *child = FindByName(parent_.options.earlier.schema.target.tables, names_.name);
		if (child == nullptr)
			return;
		const std::string why = Make(*child, name);
		if (!why.empty())
			parent_.ddl.notes.push_back({kForeignKeyStatement, source_.name, key_.name, "not made: " + why, ""});
	}

private:
	const DdlTable &parent_;
	const SourceTable &source_;
	const SourceForeignKey &key_;
	const TargetNames::Table &names_;

	std::string Make(const TargetTable &child, const std::string &name) const {
		const std::optional<std::vector<size_t>> columns = ParentColumns(parent_.source, key_);
		const std::optional<std::string> there = columns ? parent_.ColumnList(*columns) : std::nullopt;
		if (!columns || !there)
			return "one of its columns stays in the source";
		if (!IsUnique(parent_, *columns))
			return "its parent's columns are not a unique key of their own";
		if (!IsAction(key_.on_update) || !IsAction(key_.on_delete))
			return "its action is none that Postgres has";
		for (const OtherDatabase::Unfit &unfit : parent_.options.earlier.schema.unfit)
			if (unfit.table == child.oid)
				return "its table " + unfit.why;
		std::string here;
		for (size_t i = 0; i < columns->size(); i++) {
			const TargetColumn *column = FindByName(child.columns, names_.columns[key_.columns[i]]);
			if (column == nullptr)
				return "one of its columns stays in the source";
			const TargetType &type = parent_.Column((*columns)[i])->target_type;
			if (!Comparable(type, column->type))
				return column->type.text + " cannot refer to " + type.text;
			here += (here.empty() ? "" : ", ") + Quoted(column->name);
		}
		parent_.ddl.statements.push_back(
			{true, kForeignKeyStatement, child.name, name,
			 WithPlainNames(AddKeyStatement(parent_.Qualified(child.name), name, here, parent_.Name(), *there, key_)),
			 false});
		return "";
	}

	template <typename T>
	static const T *FindByName(const std::vector<T> &all, const std::string &name) {
		for (const T &one : all)
			if (one.name == name)
				return &one;
		return nullptr;
	}
};

bool IsMissing(const EarlierRuns &earlier, const std::string &table, const std::string &key) {
	return std::any_of(earlier.missing.begin(), earlier.missing.end(), [&](const EarlierRuns::MissingKey &missing) {
		return missing.table == table && missing.name == key;
	});
}

} // namespace

void AddMissingForeignKeys(const std::vector<DdlTable> &tables, const TargetNames &names) {
	const auto find = [&](const std::string &source_table) -> const DdlTable * {
		for (const DdlTable &table : tables)
			if (table.source.name == source_table)
				return &table;
		return nullptr;
	};
	const SourceSchema &source = tables.front().schema;
	for (size_t t = 0; t < source.tables.size(); t++)
		for (size_t k = 0; k < source.tables[t].foreign_keys.size(); k++) {
			const SourceForeignKey &key = source.tables[t].foreign_keys[k];
			const DdlTable *parent = key.parent_database == source.database ? find(key.parent_table) : nullptr;
			if (parent != nullptr && find(source.tables[t].name) == nullptr &&
				IsMissing(parent->options.earlier, source.tables[t].name, key.name))
				MissingKey(*parent, t, key, names).Add(names[t].foreign_keys[k]);
		}
}

void AddForeignKeys(const DdlTable &table, const Plan &plan, const TargetNames &names) {
	for (size_t k = 0; k < table.source.foreign_keys.size(); k++)
		ForeignKey(table, table.source.foreign_keys[k], table.names.foreign_keys[k], plan, names).Add();
}

} // namespace alkconv::core
