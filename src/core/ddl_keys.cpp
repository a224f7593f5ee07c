// Regime: C++ (may throw, never calls Postgres)
//
// Keys: constraints where Postgres can have them, else unique indexes; prefixes and functional parts as expressions.
#include "core/ddl_table.hpp"
#include "core/default_type.hpp"
#include "core/index_entry.hpp"
#include "core/plan_table.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

constexpr size_t kMaxIndexColumns = 32; // INDEX_MAX_KEYS

bool IsText(PgKind kind) noexcept {
	return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar || kind == PgKind::name;
}

// One part as CREATE INDEX wants it; `refusal` says why there is none.
struct Part {
	std::string sql;
	std::string refusal;
	bool whole = false;		 // the column itself
	Translation translation; // of an expression
	std::string expression;	 // without the order
	uint64_t longest = 0;	 // bytes of a value
};

std::string Prefix(const ColumnPlan &column, uint32_t length) {
	const std::string name = Quoted(column.target_name), digits = std::to_string(length);
	if (column.target_type.kind == PgKind::bytea)
		return "(pg_catalog.substr(" + name + ", 1, " + digits + "))";
	const bool text = IsText(column.target_type.kind);
	return "(pg_catalog.left(" + name + (text ? "" : "::text") + ", " + digits + "))";
}

Part Ordered(Part part, const SourceKey::Part &source) {
	part.sql = part.expression + (source.descending ? " DESC" : "");
	return part;
}

Part MakePart(const DdlTable &table, const SourceKey &key, const SourceKey::Part &source) {
	Part part;
	if (!source.column) {
		Translation translation = TranslateIndexPart(source.expression, table.Scope());
		if (!source.refuted.empty())
			translation.refusal = source.refuted;
		part.translation = translation;
		if (translation.known())
			part.expression = "(" + translation.sql + ")";
		else
			part.refusal = "its expression " + source.expression + " is not translated (" + translation.refusal + ")";
		part.longest = kMaxBtreeEntry; // an expression may give anything
		return Ordered(std::move(part), source);
	}
	const ColumnPlan *column = table.Column(*source.column);
	if (column == nullptr) {
		part.refusal = "column " + Quoted(table.source.columns[*source.column].name) + " stays in the source";
		return part;
	}
	const MySqlKind kind = column->source_type.kind;
	part.longest = LongestEntryBytes(*column, source.prefix);
	if (source.prefix > 0) {
		part.expression = Prefix(*column, source.prefix);
	} else if (key.unique && key.type == "HASH" && (kind == MySqlKind::text || kind == MySqlKind::blob)) {
		// MariaDB's unique keys over texts of any length are hashes too: a btree entry has its limits
		part.expression = "(pg_catalog.md5(" + Quoted(column->target_name) + "))";
		part.longest = 36;
	} else {
		part.expression = Quoted(column->target_name);
		part.whole = true;
	}
	return Ordered(std::move(part), source);
}

bool IsSpatial(const SourceKey &key) noexcept { return key.type == "SPATIAL" || key.type == "RTREE"; }

const char *WhyNoIndex(const SourceKey &key) noexcept {
	if (key.type == "VECTOR")
		return "vectors are stored as bytes, which have no index by distance";
	return key.parts.size() > kMaxIndexColumns ? "an index has at most 32 columns" : nullptr;
}

void NoteKey(const DdlTable &table, const SourceKey &key, const std::string &why) {
	table.Note(key.name == "PRIMARY" ? "primary key"
			   : key.unique			 ? "unique key"
									 : "index",
			   key.name, "not made: " + why);
}

// to_tsvector over all columns together, as MATCH (a, b) sees them. The simple configuration has neither stemming nor stop words.
void AddFulltext(const DdlTable &table, const SourceKey &key, const std::string &name) {
	std::string document;
	uint64_t longest = 0;
	for (const SourceKey::Part &part : key.parts) {
		const ColumnPlan *column = part.column ? table.Column(*part.column) : nullptr;
		if (column == nullptr) {
			NoteKey(table, key, "a column stays in the source");
			return;
		}
		document += (document.empty() ? "" : " || ' ' || ") + std::string("COALESCE(") + Quoted(column->target_name) +
					"::text, '')";
		longest += LongestEntryBytes(*column, 0);
	}
	DdlIndex index = {key.name, {}, true};
	if (longest > kFewWords)
		index.parts.push_back(document);
	table.After("index", name,
				"CREATE INDEX " + Quoted(name) + " ON " + table.Name() +
					" USING gin (pg_catalog.to_tsvector('pg_catalog.simple'::pg_catalog.regconfig, " + document + "))",
				std::move(index));
	table.Note(
		"index", key.name,
		"FULLTEXT: a GIN index over to_tsvector('simple', ...); MATCH ... AGAINST becomes ... @@ to_tsquery(...)");
}

void AddSpatial(const DdlTable &table, const SourceKey &key, const std::string &name) {
	const std::optional<size_t> position = key.parts.size() == 1 ? key.parts[0].column : std::nullopt;
	const ColumnPlan *column = position.has_value() ? table.Column(*position) : nullptr;
	if (column == nullptr)
		NoteKey(table, key, "its column stays in the source");
	else if (column->target_type.shape == ShapeType::none)
		NoteKey(table, key, "shapes are stored as bytes, which have no spatial index");
	else
		table.After("index", name,
					"CREATE INDEX " + Quoted(name) + " ON " + table.Name() + " USING gist (" +
						Quoted(column->target_name) + ")");
}

const std::string &NameOf(const DdlTable &table, const SourceKey::Part &part) {
	return table.Column(*part.column)->target_name;
}

// Its parts that are expressions are to be proved.
void ProveParts(const DdlTable &table, size_t position, const std::string &name, const std::vector<Part> &parts) {
	const SourceKey &key = table.source.keys[position];
	for (size_t p = 0; p < parts.size(); p++) {
		if (key.parts[p].column)
			continue;
		ColumnPlan value;
		value.source_type = parts[p].translation.source_type;
		value.target_type = NamedTarget(parts[p].translation.target_type);
		table.Translated(ExpressionPlace::index_part, position, "expression of index " + name, key.parts[p].expression,
						 parts[p].translation, value);
		table.ddl.expressions.back().part = p;
	}
}

void AddKey(const DdlTable &table, size_t position, const std::string &name) {
	const SourceKey &key = table.source.keys[position];
	if (const Rule *rule = table.SkippedBy(key)) {
		NoteKey(table, key, "left out by rule " + RuleText(*rule));
		return;
	}
	if (IsSpatial(key)) {
		AddSpatial(table, key, name);
		return;
	}
	if (key.type == "FULLTEXT") {
		AddFulltext(table, key, name);
		return;
	}
	if (const char *why = WhyNoIndex(key)) {
		NoteKey(table, key, why);
		return;
	}
	const bool primary = key.name == "PRIMARY";
	std::string parts;
	std::vector<Part> made;
	DdlIndex index = {key.name, {}, false, key.unique};
	uint64_t longest = kEntryHeader;
	bool plain = true, turned = false;
	for (const SourceKey::Part &source : key.parts) {
		const Part part = MakePart(table, key, source);
		if (!part.refusal.empty()) {
			NoteKey(table, key, part.refusal);
			return;
		}
		plain = plain && part.whole && (primary || !source.descending);
		const bool in_order = primary && part.whole && source.descending; // a primary key is one, whatever its order
		parts += (parts.empty() ? "" : ", ") + (in_order ? Quoted(NameOf(table, source)) : part.sql);
		turned = turned || in_order;
		made.push_back(part);
		index.parts.push_back(part.expression);
		longest += part.longest;
	}
	if (longest <= kMaxBtreeEntry)
		index.parts.clear();
	ProveParts(table, position, name, made);
	if (plain && turned)
		table.Note("primary key", key.name,
				   "its parts are not in descending order: Postgres reads an index in either direction");
	if (key.without_overlaps)
		table.Note(
			"unique key", key.name,
			"weaker than in the source: WITHOUT OVERLAPS lets no two periods overlap, this one lets none be equal");
	if (key.unique && plain) {
		table.After(primary ? "primary key" : "unique", name,
					"ALTER TABLE " + table.Name() + " ADD CONSTRAINT " + Quoted(name) +
						(primary ? " PRIMARY KEY (" : " UNIQUE (") + parts + ")",
					std::move(index));
		return;
	}
	if (primary)
		table.Note("primary key", key.name, "a unique index takes its place: not all of its parts are whole columns");
	table.After(key.unique ? "unique index" : "index", name,
				std::string(key.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") + Quoted(name) + " ON " +
					table.Name() + " (" + parts + ")",
				std::move(index));
}

} // namespace

void AddKeys(const DdlTable &table) {
	for (size_t k = 0; k < table.source.keys.size(); k++)
		AddKey(table, k, table.names.keys[k]);
}

} // namespace alkconv::core
