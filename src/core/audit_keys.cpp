// Regime: C++ (may throw, never calls Postgres)
//
// Keys and foreign keys. Names do not count: they may be others in the target. Each key of the source has one of its
// own in the target.
#include "core/audit_parts.hpp"

#include <algorithm>

namespace alkconv::core::audit {

namespace {

std::string Describe(const AuditPart &part) {
	return (part.column.empty() ? part.expression.empty() ? "(expression)" : "(" + part.expression + ")"
								: part.column) +
		   (part.prefix > 0 ? "(" + std::to_string(part.prefix) + ")" : "") + (part.descending ? " DESC" : "");
}

std::string Describe(const AuditKey &key) {
	std::vector<std::string> parts;
	for (const AuditPart &part : key.parts)
		parts.push_back(Describe(part));
	return std::string(key.primary	? "primary key"
					   : key.unique ? "unique"
									: "index") +
		   " " + key.name + " (" + List(parts) + ")" + (key.condition.empty() ? "" : ", " + key.condition);
}

const char *NoteKind(const AuditKey &key) noexcept {
	return key.primary ? "primary key" : key.unique ? "unique key" : "index";
}

// As it stands within the quotes of an identifier.
std::string InQuotes(const std::string &name) {
	std::string quoted;
	for (const char c : name)
		quoted += c == '"' ? "\"\"" : std::string(1, c);
	return quoted;
}

// A call as the server writes it: left is a keyword, and so in quotes.
bool IsCall(const AuditPart &part, std::string_view function, const std::string &column, const std::string &end) {
	std::string_view text = part.expression;
	while (!text.empty() && (text.front() == '(' || text.front() == '"'))
		text.remove_prefix(1);
	return part.column.empty() && StartsWith(text, function) && Contains(text, InQuotes(column)) && Contains(text, end);
}

class KeyComparison {
public:
	explicit KeyComparison(const Table &table) : table_(table), used_(table.target.keys.size()) {}

	AuditResult Run() {
		for (const AuditKey &key : table_.source.keys)
			Compare(WithoutHistory(key));
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i])
				result_.differences.push_back(
					{"index " + table_.target.keys[i].name, "no such key", Describe(table_.target.keys[i]), true});
		return std::move(result_);
	}

private:
	const Table &table_;
	std::vector<bool> used_;
	AuditResult result_ = {"keys", 0, {}};

	// Of MariaDB's tables with a history a unique key ends in the end of a row's life.
	AuditKey WithoutHistory(AuditKey key) const {
		const AuditSourceColumn *last = key.parts.empty() ? nullptr : table_.SourceColumn(key.parts.back().column);
		const bool hidden =
			last == nullptr && table_.source.versioned && !key.parts.empty() && !key.parts.back().column.empty();
		if (key.unique && key.parts.size() > 1 && (hidden || (last != nullptr && last->of_history)))
			key.parts.pop_back();
		return key;
	}

	void Compare(const AuditKey &key) {
		const std::string *note = table_.Note(NoteKind(key), key.name);
		if (note == nullptr && key.unique)
			note = table_.Note("index", key.name);
		if (note != nullptr && StartsWith(*note, "not made: "))
			return;
		++result_.compared;
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i] && Fits(key, table_.target.keys[i], note)) {
				used_[i] = true;
				return;
			}
		Miss(key);
	}

	// Shows what the target has in its place: what is called so, is the primary key, or is of the same parts.
	void Miss(const AuditKey &key) {
		for (size_t i = 0; i < used_.size(); ++i) {
			const AuditKey &other = table_.target.keys[i];
			if (used_[i] || !(other.name == key.name || (key.primary && other.primary) || FitsParts(key, other)))
				continue;
			used_[i] = true;
			result_.differences.push_back({"key " + key.name, Describe(key), Describe(other)});
			return;
		}
		result_.differences.push_back({"key " + key.name, Describe(key), "no such key"});
	}

	bool Fits(const AuditKey &key, const AuditKey &other, const std::string *note) const {
		if (key.method == "FULLTEXT")
			return FitsFulltext(key, other);
		if (key.method == "SPATIAL" || key.method == "RTREE")
			return other.method == "gist" && FitsSpatial(key, other);
		const bool in_its_place = note != nullptr && Contains(*note, "a unique index takes its place");
		return other.method == "btree" && other.condition.empty() && other.unique == key.unique &&
			   other.primary == (key.primary && !in_its_place) && FitsParts(key, other);
	}

	bool FitsFulltext(const AuditKey &key, const AuditKey &other) const {
		return other.method == "gin" && other.parts.size() == 1 &&
			   std::all_of(key.parts.begin(), key.parts.end(), [&](const AuditPart &part) {
				   const AuditColumnPair *column = table_.PairOf(part.column);
				   return column != nullptr && Contains(other.parts[0].expression, column->target);
			   });
	}

	// MySQL's catalog gives it a prefix.
	bool FitsSpatial(const AuditKey &key, const AuditKey &other) const {
		const AuditColumnPair *column = key.parts.size() == 1 ? table_.PairOf(key.parts[0].column) : nullptr;
		return column != nullptr && other.parts.size() == 1 && other.parts[0].column == column->target;
	}

	bool FitsParts(const AuditKey &key, const AuditKey &other) const {
		if (key.parts.size() != other.parts.size())
			return false;
		for (size_t i = 0; i < key.parts.size(); ++i)
			if (!FitsPart(key, key.parts[i], other.parts[i]) ||
				(!other.primary && key.parts[i].descending != other.parts[i].descending))
				return false;
		return true;
	}

	// What an expression gives is proved elsewhere, by its values.
	bool FitsPart(const AuditKey &key, const AuditPart &part, const AuditPart &other) const {
		if (part.column.empty())
			return true;
		const AuditColumnPair *column = table_.PairOf(part.column);
		const AuditSourceColumn *source = table_.SourceColumn(part.column);
		if (column == nullptr || source == nullptr)
			return false;
		const std::string size = std::to_string(part.prefix) + ")";
		if (part.prefix > 0)
			return IsCall(other, "left", column->target, ", " + size) ||
				   IsCall(other, "substr", column->target, ", 1, " + size);
		const bool of_any_length =
			key.unique && key.method == "HASH" && (Contains(source->kind, "text") || Contains(source->kind, "blob"));
		return of_any_length ? IsCall(other, "md5", column->target, "") : other.column == column->target;
	}
};

// ---- foreign keys ----

std::string Describe(const AuditForeignKey &key) {
	return "(" + List(key.columns) + ") to " + key.parent + " (" + List(key.parent_columns) + ") ON UPDATE " +
		   key.on_update + " ON DELETE " + key.on_delete;
}

// Without case and underscores, and no more than any server keeps: how names of one table are told to be the same.
std::string Folded(const std::string &name) {
	std::string folded;
	for (const char c : Lower(name))
		folded += c == '_' ? "" : std::string(1, c);
	return folded.substr(0, 50);
}

class ForeignKeyComparison {
public:
	explicit ForeignKeyComparison(const Table &table) : table_(table), used_(table.target.foreign_keys.size()) {}

	AuditResult Run() {
		for (const AuditForeignKey &key : table_.source.foreign_keys) {
			const bool found = Find(key); // or made by a later run, to the parent that it brought
			if (!found && IsLeftOut(key))
				continue;
			++result_.compared;
			if (!found)
				Miss(key);
		}
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i])
				result_.differences.push_back({"foreign key " + table_.target.foreign_keys[i].name,
											   "no such foreign key", Describe(table_.target.foreign_keys[i]), true});
		return std::move(result_);
	}

private:
	const Table &table_;
	std::vector<bool> used_;
	AuditResult result_ = {"foreign keys", 0, {}};

	// What waits for its parent is no longer left out when that is there.
	bool IsLeftOut(const AuditForeignKey &key) const {
		const std::string *note = table_.Note("foreign key", key.name);
		const AuditPair *parent = table_.pairs.OfSource(key.parent);
		if (note == nullptr)
			return false;
		if (parent == nullptr || !parent->audited || key.parent_schema != table_.schema.database)
			return true;
		if (Contains(*note, "is left out"))
			return !Contains(*note, "a run that makes it makes the key");
		return Contains(*note, "not made: its table ") || !CanBeMade(key, *parent);
	}

	// Whether nothing of the two tables is in its way, as far as the source's catalog says: columns that both sides
	// have, of the same types, and a unique key of the parent over exactly these.
	bool CanBeMade(const AuditForeignKey &key, const AuditPair &parent) const {
		const auto source = table_.schema.tables.find(parent.source);
		if (source == table_.schema.tables.end() || source->second.versioned || key.on_update.empty() ||
			key.columns.size() != key.parent_columns.size())
			return false;
		const Table of_parent = {table_.schema, source->second, table_.target, parent, table_.pairs};
		for (size_t i = 0; i < key.columns.size(); ++i)
			if (!AreAlike(key.columns[i], of_parent, key.parent_columns[i]))
				return false;
		const auto &keys = source->second.keys;
		return std::any_of(keys.begin(), keys.end(), [&](const AuditKey &other) {
			return IsKeyOf(other, key.parent_columns) &&
				   !of_parent.IsNoted(NoteKind(other), other.name, "not made: ") &&
				   !of_parent.IsNoted("index", other.name, "not made: ");
		});
	}

	bool AreAlike(const std::string &child_column, const Table &parent, const std::string &parent_column) const {
		const AuditSourceColumn *a = table_.SourceColumn(child_column), *b = parent.SourceColumn(parent_column);
		const AuditColumnPair *x = table_.PairOf(child_column), *y = parent.PairOf(parent_column);
		return a != nullptr && b != nullptr && x != nullptr && y != nullptr && a->type == b->type &&
			   a->charset == b->charset && !a->generated && !b->generated && x->type_by_rule == y->type_by_rule &&
			   x->collation_by_rule == y->collation_by_rule && x->boolean_by_rule == y->boolean_by_rule &&
			   !x->changed_by_rule && !y->changed_by_rule;
	}

	static bool IsKeyOf(const AuditKey &key, const std::vector<std::string> &columns) {
		return key.unique && key.method == "BTREE" && key.parts.size() == columns.size() &&
			   std::all_of(key.parts.begin(), key.parts.end(), [&](const AuditPart &part) {
				   return part.prefix == 0 && std::find(columns.begin(), columns.end(), part.column) != columns.end();
			   });
	}

	bool Find(const AuditForeignKey &key) {
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i] && Fits(key, table_.target.foreign_keys[i])) {
				used_[i] = true;
				return true;
			}
		return false;
	}

	void Miss(const AuditForeignKey &key) {
		const std::vector<std::string> columns = table_.TargetNames(key.columns);
		for (size_t i = 0; i < used_.size(); ++i) {
			const AuditForeignKey &other = table_.target.foreign_keys[i];
			if (used_[i] || !(other.name == key.name || other.columns == columns))
				continue;
			used_[i] = true;
			result_.differences.push_back({"foreign key " + key.name, Describe(key), Describe(other)});
			return;
		}
		result_.differences.push_back({"foreign key " + key.name, Describe(key), "no such foreign key"});
	}

	bool Fits(const AuditForeignKey &key, const AuditForeignKey &other) const {
		return other.columns == table_.TargetNames(key.columns) && other.on_update == key.on_update &&
			   other.on_delete == key.on_delete && FitsParent(key, other);
	}

	// Names in another database are those of another run.
	bool FitsParent(const AuditForeignKey &key, const AuditForeignKey &other) const {
		if (key.parent_schema != table_.schema.database)
			return other.parent_columns.size() == key.parent_columns.size();
		const AuditPair *parent = table_.pairs.OfSource(key.parent);
		if (parent == nullptr || other.parent_schema != table_.pairs.target_schema)
			return false;
		const auto same = [parent](const std::string &a, const std::string &b) {
			return parent->in_target ? a == b : Folded(a) == Folded(b);
		};
		if (!same(parent->target, other.parent) || key.parent_columns.size() != other.parent_columns.size())
			return false;
		const Table of_parent = {table_.schema, table_.source, table_.target, *parent, table_.pairs};
		const std::vector<std::string> names = of_parent.TargetNames(key.parent_columns);
		return std::equal(names.begin(), names.end(), other.parent_columns.begin(), same);
	}
};

} // namespace

AuditResult CompareKeys(const Table &table) { return KeyComparison(table).Run(); }

AuditResult CompareForeignKeys(const Table &table) { return ForeignKeyComparison(table).Run(); }

} // namespace alkconv::core::audit
