// Regime: C++ (may throw, never calls Postgres)
//
// Unsigned integers go one size up, TINYINT(1) is an integer, BIGINT UNSIGNED numeric(20), CHAR counts as VARCHAR because MySQL
// strips its blanks, TIME is an interval because it goes beyond a day, ENUM is text where no type is made for it.
#include "core/default_type.hpp"

#include "core/conversion.hpp"
#include "core/literal_default.hpp"
#include "core/shapes.hpp"
#include "core/status.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

TargetType Simple(PgKind kind, const char *text) {
	TargetType type;
	type.kind = kind;
	type.text = text;
	return type;
}

TargetType Numeric(uint32_t precision, uint32_t scale) {
	TargetType type = Simple(PgKind::numeric, "numeric(");
	type.precision = static_cast<int32_t>(precision);
	type.scale = static_cast<int32_t>(scale);
	type.text += std::to_string(precision) + "," + std::to_string(scale) + ")";
	return type;
}

TargetType Sized(PgKind kind, const char *name, uint64_t length) {
	TargetType type = Simple(kind, name);
	type.length = static_cast<int32_t>(length == 0 ? 1 : length); // Postgres has no varchar(0)
	type.text += "(" + std::to_string(type.length) + ")";
	return type;
}

TargetType Fractional(PgKind kind, uint32_t fsp, const char *zone) {
	TargetType type = Simple(kind, "timestamp(");
	type.fsp = static_cast<int32_t>(fsp);
	type.text += std::to_string(fsp) + ") " + zone;
	return type;
}

struct KnownName {
	std::string_view name;
	PgKind kind;
};

constexpr KnownName kKnownNames[] = {
	{"boolean", PgKind::boolean},
	{"bool", PgKind::boolean},
	{"smallint", PgKind::int2},
	{"int2", PgKind::int2},
	{"integer", PgKind::int4},
	{"int", PgKind::int4},
	{"int4", PgKind::int4},
	{"bigint", PgKind::int8},
	{"int8", PgKind::int8},
	{"real", PgKind::float4},
	{"float4", PgKind::float4},
	{"double precision", PgKind::float8},
	{"float8", PgKind::float8},
	{"numeric", PgKind::numeric},
	{"decimal", PgKind::numeric},
	{"text", PgKind::text},
	{"character varying", PgKind::varchar},
	{"varchar", PgKind::varchar},
	{"character", PgKind::bpchar},
	{"char", PgKind::bpchar},
	{"bytea", PgKind::bytea},
	{"uuid", PgKind::uuid},
	{"json", PgKind::json},
	{"jsonb", PgKind::jsonb},
	{"date", PgKind::date},
	{"time", PgKind::time},
	{"time without time zone", PgKind::time},
	{"timestamp", PgKind::timestamp},
	{"timestamp without time zone", PgKind::timestamp},
	{"timestamptz", PgKind::timestamptz},
	{"timestamp with time zone", PgKind::timestamptz},
	{"interval", PgKind::interval},
	{"text[]", PgKind::text_array},
	{"inet", PgKind::inet},
};

// In lower case, without pg_catalog and what stands in parentheses.
std::string BareName(std::string_view name) {
	static constexpr std::string_view kSchema = "pg_catalog.";
	std::string bare;
	bool inside = false;
	for (const char c : name) {
		inside = (inside || c == '(') && c != ')';
		if (!inside && c != ')')
			bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
	}
	return bare.rfind(kSchema, 0) == 0 ? bare.substr(kSchema.size()) : bare;
}

constexpr size_t kMaxLabelBytes = 63;

bool LabelsFit(const SourceType &source) noexcept {
	return std::all_of(source.labels.begin(), source.labels.end(),
					   [](const std::string &label) { return label.size() <= kMaxLabelBytes; });
}

} // namespace

TargetType DefaultTarget(const SourceType &source) {
	switch (source.kind) {
	case MySqlKind::tinyint: return Simple(PgKind::int2, "smallint");
	case MySqlKind::smallint:
		return source.is_unsigned ? Simple(PgKind::int4, "integer") : Simple(PgKind::int2, "smallint");
	case MySqlKind::mediumint: return Simple(PgKind::int4, "integer"); // 24 bits, signed or not
	case MySqlKind::int_: return source.is_unsigned ? Simple(PgKind::int8, "bigint") : Simple(PgKind::int4, "integer");
	case MySqlKind::bigint: return source.is_unsigned ? Numeric(20, 0) : Simple(PgKind::int8, "bigint");
	case MySqlKind::decimal: return Numeric(source.precision, source.scale);
	case MySqlKind::float_: return Simple(PgKind::float4, "real");
	case MySqlKind::double_: return Simple(PgKind::float8, "double precision");
	case MySqlKind::bit: return Sized(PgKind::bit, "bit", source.length);
	case MySqlKind::year: return Simple(PgKind::int2, "smallint");
	case MySqlKind::date: return Simple(PgKind::date, "date");
	case MySqlKind::datetime: return Fractional(PgKind::timestamp, source.fsp, "without time zone");
	case MySqlKind::timestamp: return Fractional(PgKind::timestamptz, source.fsp, "with time zone");
	case MySqlKind::time: return Simple(PgKind::interval, "interval");
	case MySqlKind::char_:
	case MySqlKind::varchar: return Sized(PgKind::varchar, "character varying", source.length);
	case MySqlKind::text: return Simple(PgKind::text, "text");
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob:
	case MySqlKind::geometry:
	case MySqlKind::vector: return Simple(PgKind::bytea, "bytea");
	case MySqlKind::enum_: return Simple(PgKind::text, "text");
	case MySqlKind::set: return Simple(PgKind::text_array, "text[]");
	case MySqlKind::json: return Simple(PgKind::jsonb, "jsonb");
	case MySqlKind::uuid: return Simple(PgKind::uuid, "uuid");
	case MySqlKind::inet4:
	case MySqlKind::inet6: return Simple(PgKind::inet, "inet");
	case MySqlKind::unknown: break;
	}
	throw Error(Code::cannot_convert, "no Postgres type is known for " + source.text)
		.Hint("Leave the column in the source by a rule with action skip_column in alkconv.rule, or create the target "
			  "table first.");
}

bool LabelsAreKnown(const SourceType &type) {
	return !IsWide(type) || std::none_of(type.labels.begin(), type.labels.end(),
										 [](const std::string &label) { return label.find('?') != std::string::npos; });
}

TargetType DefaultTarget(const SourceColumn &column, const std::string &postgis) {
	const SourceType &source = column.type;
	const ColumnFacts &facts = column.facts;
	if (source.kind == MySqlKind::geometry && !postgis.empty())
		return ShapeTarget(source, postgis);
	if (source.kind == MySqlKind::enum_ && LabelsFit(source) && LabelsAreKnown(source)) {
		TargetType type = Simple(PgKind::enum_, "");
		type.labels = source.labels;
		return type;
	}
	if (facts.asked && facts.boolean != Evidence::not_all)
		return Simple(PgKind::boolean, "boolean");
	if (facts.asked && facts.bigint != Evidence::not_all)
		return Simple(PgKind::int8, "bigint");
	if (facts.asked && facts.uuid == Evidence::all)
		return Simple(PgKind::uuid, "uuid");
	if (facts.asked && facts.time_of_day == Evidence::all) {
		TargetType type = Simple(PgKind::time, "time(");
		type.fsp = static_cast<int32_t>(source.fsp);
		type.text += std::to_string(source.fsp) + ") without time zone";
		return type;
	}
	return DefaultTarget(source);
}

TargetType NamedTarget(const std::string &name, const std::string &postgis) {
	TargetType type;
	type.text = name;
	const std::string bare = BareName(name);
	for (const KnownName &known : kKnownNames)
		if (bare == known.name)
			type.kind = known.kind;
	if (!postgis.empty() && name.compare(0, postgis.size() + 1, postgis + ".") == 0)
		DescribeShape(bare.substr(bare.rfind('.') + 1), type);
	return type;
}

std::string DefaultTargetType(const SourceType &source) { return DefaultTarget(source).text; }

} // namespace alkconv::core
