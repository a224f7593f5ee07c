// Regime: C++ (may throw, never calls Postgres)
//
// Columns: their order, types with lengths and digits, labels, NOT NULL, identities, whether they are generated.
#include "core/audit_parts.hpp"

#include <algorithm>

namespace alkconv::core::audit {

namespace {

using Types = std::vector<std::string>;

std::string Sized(const char *name, uint64_t size, const char *rest = "") {
	return std::string(name) + "(" + std::to_string(size) + ")" + rest;
}

// The manuals' ranges: the smallest type that holds all values, and the closer ones that docs/create.md lists under
// "types that rows decide".
Types IntegerTypes(const AuditSourceColumn &column) {
	const bool is_unsigned = Contains(column.type, "unsigned");
	if (column.kind == "tinyint")
		return StartsWith(column.type, "tinyint(1)") ? Types{"smallint", "boolean"} : Types{"smallint"};
	if (column.kind == "smallint")
		return {is_unsigned ? "integer" : "smallint"};
	if (column.kind == "mediumint")
		return {"integer"};
	if (column.kind == "int")
		return {is_unsigned ? "bigint" : "integer"};
	return is_unsigned ? Types{"numeric(20,0)", "bigint"} : Types{"bigint"};
}

bool IsJsonByCheck(const Table &table, const std::string &column) {
	return std::any_of(table.source.checks.begin(), table.source.checks.end(), [&](const AuditCheck &check) {
		return Lower(check.text) == "json_valid(`" + Lower(column) + "`)";
	});
}

Types TextTypes(const Table &table, const AuditSourceColumn &column) {
	return {table.schema.mariadb && IsJsonByCheck(table, column.name) ? "jsonb" : "text"};
}

bool IsOneOf(const std::string &name, std::initializer_list<const char *> names) {
	return std::any_of(names.begin(), names.end(), [&](const char *one) { return name == one; });
}

// Which types a column may have become; none: it is not known here.
Types TypesOf(const Table &table, const AuditSourceColumn &column) {
	const std::string &kind = column.kind;
	if (IsOneOf(kind, {"tinyint", "smallint", "mediumint", "int", "bigint"}))
		return IntegerTypes(column);
	if (kind == "decimal")
		return {"numeric(" + std::to_string(column.precision) + "," + std::to_string(column.scale) + ")"};
	if (kind == "float")
		return {"real"};
	if (kind == "double")
		return {"double precision"};
	if (kind == "bit")
		return {Sized("bit", column.precision)};
	if (kind == "year")
		return {"smallint"};
	if (kind == "date" || kind == "uuid")
		return {kind};
	if (kind == "datetime")
		return {Sized("timestamp", column.fraction, " without time zone")};
	if (kind == "timestamp")
		return {Sized("timestamp", column.fraction, " with time zone")};
	if (kind == "time")
		return {"interval", Sized("time", column.fraction, " without time zone")};
	if (kind == "char" || kind == "varchar") {
		const std::string type = Sized("character varying", std::max<uint64_t>(column.length, 1));
		return kind == "char" && column.length == 36 ? Types{type, "uuid"} : Types{type};
	}
	if (IsOneOf(kind, {"tinytext", "text", "mediumtext", "longtext"}))
		return TextTypes(table, column);
	if (kind == "binary" && column.length == 16)
		return {"bytea", "uuid"};
	if (IsOneOf(kind, {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"}))
		return {"bytea"};
	if (kind == "json")
		return {"jsonb"};
	if (kind == "set")
		return {"text[]"};
	return kind == "inet4" || kind == "inet6" ? Types{"inet"} : Types{};
}

// ---- types by rule ----

struct Synonym {
	const char *name, *full;
};
constexpr Synonym kSynonyms[] = {
	{"int2", "smallint"},
	{"int", "integer"},
	{"int4", "integer"},
	{"int8", "bigint"},
	{"bool", "boolean"},
	{"float4", "real"},
	{"float8", "double precision"},
	{"decimal", "numeric"},
	{"varchar", "character varying"},
	{"time", "time without time zone"},
	{"timestamp", "timestamp without time zone"},
	{"timestamptz", "timestamp with time zone"},
};
constexpr const char *kPlain[] = {"smallint",
								  "integer",
								  "bigint",
								  "boolean",
								  "real",
								  "numeric",
								  "text",
								  "uuid",
								  "date",
								  "bytea",
								  "json",
								  "jsonb",
								  "inet",
								  "text[]",
								  "time without time zone",
								  "interval",
								  "double precision",
								  "character varying",
								  "timestamp without time zone",
								  "timestamp with time zone"};

// "Timestamp (3)" to "timestamp(3) without time zone": as format_type() writes it; empty for names that are not known
// here.
std::string FormattedType(const std::string &argument) {
	std::string name, size;
	bool inside = false;
	for (const char c : Lower(argument)) {
		inside = inside || c == '(';
		if (inside)
			size += c == ' ' ? "" : std::string(1, c);
		else if (c != ' ' || (!name.empty() && name.back() != ' '))
			name += c;
		inside = inside && c != ')';
	}
	while (!name.empty() && name.back() == ' ')
		name.pop_back();
	if (StartsWith(name, "pg_catalog."))
		name.erase(0, 11);
	for (const Synonym &synonym : kSynonyms)
		if (name == synonym.name) {
			name = synonym.full;
			break;
		}
	if (std::none_of(std::begin(kPlain), std::end(kPlain), [&](const char *plain) { return name == plain; }))
		return "";
	if (name == "numeric" && !size.empty() && !Contains(size, ","))
		size.insert(size.size() - 1, ",0");
	const size_t zone = name.find(" with");
	return zone == std::string::npos ? name + size : name.substr(0, zone) + size + name.substr(zone);
}

// The last part of a name as SQL spells it.
std::string LastName(const std::string &sql) {
	std::string name;
	bool quoted = false;
	for (size_t i = 0; i < sql.size(); ++i)
		if (sql[i] == '"' && quoted && sql.compare(i, 2, "\"\"") == 0)
			name += sql[i++];
		else if (sql[i] == '"')
			quoted = !quoted;
		else if (sql[i] == '.' && !quoted)
			name.clear();
		else if (quoted)
			name += sql[i];
		else if (sql[i] != ' ')
			name += Lower(sql.substr(i, 1));
	return name;
}

// ---- the comparisons ----

class Comparison {
public:
	explicit Comparison(const Table &table) : table_(table) {}

	AuditResult Run() {
		CompareOrder();
		for (const AuditSourceColumn &source : table_.source.columns) {
			const AuditColumnPair *pair = table_.PairOf(source.name);
			if (pair == nullptr)
				continue;
			++result_.compared;
			const AuditTargetColumn *target = table_.TargetColumn(pair->target);
			if (target == nullptr)
				Differ(pair->target, source.type, "no such column");
			else
				Compare(source, *target, *pair);
		}
		return std::move(result_);
	}

private:
	const Table &table_;
	AuditResult result_ = {"columns", 0, {}};

	void Differ(const std::string &column, const std::string &source, const std::string &target, bool besides = false) {
		result_.differences.push_back({"column " + column, source, target, besides});
	}

	// Those of the target stand as those of the source do.
	void CompareOrder() {
		std::vector<std::string> wanted, found;
		for (const AuditSourceColumn &source : table_.source.columns)
			if (const AuditColumnPair *pair = table_.PairOf(source.name))
				wanted.push_back(pair->target);
		for (const AuditTargetColumn &target : table_.target.columns)
			if (std::find(wanted.begin(), wanted.end(), target.name) != wanted.end())
				found.push_back(target.name);
			else
				Differ(target.name, "no such column", target.type, true);
		if (wanted != found && found.size() == wanted.size())
			result_.differences.push_back({"order of columns", List(wanted), List(found)});
	}

	void Compare(const AuditSourceColumn &source, const AuditTargetColumn &target, const AuditColumnPair &pair) {
		CompareType(source, target, pair);
		CompareCollation(target, pair);
		CompareNotNull(source, target);
		CompareIdentity(source, target);
		CompareGenerated(source, target);
	}

	void CompareType(const AuditSourceColumn &source, const AuditTargetColumn &target, const AuditColumnPair &pair) {
		if (!pair.type_by_rule.empty()) {
			const std::string type = FormattedType(pair.type_by_rule);
			if (!type.empty() && type != target.type)
				Differ(target.name, source.type + ", by rule " + type, target.type);
		} else if (source.kind == "enum")
			CompareLabels(source, target);
		else if (pair.boolean_by_rule && target.type == "boolean")
			return;
		else if (const Types types = TypesOf(table_, source);
				 !types.empty() && std::find(types.begin(), types.end(), target.type) == types.end())
			Differ(target.name, source.type, target.type);
	}

	// Schemas of collations do not count, nor a collation of what has none.
	void CompareCollation(const AuditTargetColumn &target, const AuditColumnPair &pair) {
		const bool text = target.type == "text" || StartsWith(target.type, "character varying");
		const std::string wanted = text ? LastName(pair.collation_by_rule) : target.collation;
		const bool is_default = target.collation.empty() && wanted == "default";
		if (wanted != target.collation && !is_default)
			Differ(target.name, wanted.empty() ? "no collation by rule" : "collation " + wanted + " by rule",
				   target.collation.empty() ? "the default collation" : "collation " + target.collation,
				   wanted.empty());
	}

	// Of an enum that became text the labels are in a CHECK.
	void CompareLabels(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		const std::vector<std::string> labels = Labels(source.type);
		const bool long_label =
			std::any_of(labels.begin(), labels.end(), [](const std::string &label) { return label.size() > 63; });
		const bool text = long_label || table_.Note("check", source.name) != nullptr;
		if (text ? target.type != "text" : target.labels != labels)
			Differ(target.name, source.type,
				   target.labels.empty() ? target.type : "enum (" + List(target.labels) + ")");
	}

	bool IsFreed(const AuditTargetColumn &target) const {
		static constexpr std::string_view kWords = "NOT NULL is dropped, since rules make NULL of values: ";
		const std::string *note = table_.Note("table", table_.source.name);
		const size_t at = note == nullptr ? std::string::npos : note->find(kWords);
		return at != std::string::npos && Contains(note->substr(at + kWords.size()), '"' + target.name + '"');
	}

	void CompareNotNull(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		const bool left_out =
			IsFreed(target) ||
			(source.of_history && table_.IsNoted("column", source.name, "how long a row is present in the source"));
		if (!source.nullable && !target.not_null && !left_out)
			Differ(target.name, "NOT NULL", "may be NULL");
		if (source.nullable && target.not_null)
			Differ(target.name, "may be NULL", "NOT NULL", true);
	}

	void CompareIdentity(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		const bool noted = table_.IsNoted("column", source.name, "AUTO_INCREMENT is not carried over");
		if (source.auto_increment && target.identity != "d" && !noted)
			Differ(target.name, "AUTO_INCREMENT",
				   target.identity.empty() ? "no identity" : "an identity that takes no values");
		if (!source.auto_increment && !target.identity.empty())
			Differ(target.name, "no AUTO_INCREMENT", "an identity", true);
	}

	void CompareGenerated(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		const bool copied = table_.IsNoted("column", source.name, "generated in the source, its values are copied");
		if (source.generated && !target.generated && !copied)
			Differ(target.name, "generated", "not generated");
		if (!source.generated && target.generated)
			Differ(target.name, "not generated", "generated", true);
	}
};

} // namespace

AuditResult CompareColumns(const Table &table) { return Comparison(table).Run(); }

} // namespace alkconv::core::audit
