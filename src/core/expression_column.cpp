// Regime: C++ (may throw, never calls Postgres)
//
// Columns: what the source's type says of the values, and how the target's type holds them.
#include "core/expression_translator.hpp"
#include "core/plan_table.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace alkconv::core::expression {

namespace {

struct TargetForm {
	std::string_view name;
	Form form;
};

constexpr std::array kTargetForms{
	TargetForm{"boolean", Form::boolean},
	TargetForm{"smallint", Form::integer},
	TargetForm{"integer", Form::integer},
	TargetForm{"bigint", Form::integer},
	TargetForm{"numeric", Form::decimal},
	TargetForm{"real", Form::floating},
	TargetForm{"double precision", Form::floating},
	TargetForm{"text", Form::text},
	TargetForm{"character varying", Form::text},
	TargetForm{"character", Form::text},
	TargetForm{"bytea", Form::binary},
	TargetForm{"date", Form::date},
	TargetForm{"timestamp without time zone", Form::datetime},
	TargetForm{"timestamp with time zone", Form::instant},
	TargetForm{"interval", Form::time},
	TargetForm{"time without time zone", Form::time},
	TargetForm{"json", Form::json},
	TargetForm{"jsonb", Form::json},
};

// format_type's name without what stands in parentheses.
std::string BareName(const std::string &type) {
	const size_t open = type.find('('), close = type.find(')');
	if (open == std::string::npos || close == std::string::npos || close < open)
		return type;
	return type.substr(0, open) + type.substr(close + 1);
}

Form TargetFormOf(const std::string &bare) noexcept {
	for (const TargetForm &form : kTargetForms)
		if (form.name == bare)
			return form.form;
	return Form::opaque;
}

bool IsZerofill(const SourceType &type) { return type.text.find("zerofill") != std::string::npos; }

Value Integer(const ExpressionColumn &column, const std::string &sql, Wide low, Wide high) {
	Value v = MakeInteger(sql, low, high);
	v.wide = BareName(column.target_type) == "numeric";
	v.bigint = BareName(column.target_type) == "bigint";
	v.is_unsigned = column.source_type.is_unsigned || column.source_type.kind == MySqlKind::year;
	v.zerofill = IsZerofill(column.source_type);
	v.year = column.source_type.kind == MySqlKind::year;
	return v;
}

Value OfBits(const SourceType &type, const std::string &sql, unsigned bits) {
	const Wide span = Wide{1} << bits;
	return type.is_unsigned ? MakeInteger(sql, 0, span - 1) : MakeInteger(sql, -span / 2, span / 2 - 1);
}

std::optional<Value> IntegerColumn(const ExpressionColumn &column, const std::string &sql) {
	unsigned bits = 0;
	switch (column.source_type.kind) {
	case MySqlKind::tinyint: bits = 8; break;
	case MySqlKind::smallint: bits = 16; break;
	case MySqlKind::mediumint: bits = 24; break;
	case MySqlKind::int_: bits = 32; break;
	case MySqlKind::bigint: bits = 64; break;
	case MySqlKind::year: return Integer(column, sql, 0, 2155);
	default: return std::nullopt;
	}
	const Value range = OfBits(column.source_type, sql, bits);
	return Integer(column, sql, range.low, range.high);
}

Collation CollationOf(const std::string &name) noexcept {
	const auto ends = [&](std::string_view end) {
		return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
	};
	if (ends("_0900_bin") || ends("_nopad_bin"))
		return Collation::exact;
	return ends("_bin") ? Collation::padded : Collation::insensitive;
}

Value TextColumn(const SourceType &type, const std::string &sql) {
	Value v = Make(Form::text, sql + "::pg_catalog.text");
	v.collation = CollationOf(type.collation);
	v.collation_name = type.collation;
	v.ascii = type.charset == "ascii";
	v.utf8 = v.ascii || type.charset.rfind("utf8", 0) == 0;
	return v;
}

} // namespace

Value Collate(const Value &v, const std::string &collation) {
	Value text = ToText(v);
	text.collation = CollationOf(collation);
	text.collation_name = collation;
	text.explicit_collation = true;
	return text;
}

Value ColumnValue(const ExpressionColumn &column) {
	const SourceType &type = column.source_type;
	const std::string sql = Quoted(column.target_name), bare = BareName(column.target_type);
	const Form form = TargetFormOf(bare);
	if (std::optional<Value> integer = IntegerColumn(column, sql)) {
		if (form == Form::boolean)
			return MakeBoolean(sql);
		if (form == Form::integer || form == Form::decimal)
			return *integer;
		return Make(Form::opaque, sql);
	}
	Value v = Make(Form::opaque, sql);
	switch (type.kind) {
	case MySqlKind::decimal:
		if (form == Form::decimal)
			v = MakeDecimal(sql, type.precision - type.scale, type.scale);
		v.zerofill = IsZerofill(type);
		break;
	case MySqlKind::float_:
	case MySqlKind::double_:
		if (form == Form::floating) {
			v.form = form;
			v.single = bare == "real";
		}
		break;
	case MySqlKind::bit:
		if (form == Form::boolean)
			v.form = form;
		else if (form == Form::integer && type.length < 64)
			v = MakeInteger(sql, 0, (Wide{1} << type.length) - 1);
		else if ((bare == "bit" || bare == "bit varying") && type.length < 64)
			v = MakeBigint(sql + "::bigint", 0, (Wide{1} << type.length) - 1);
		v.is_unsigned = true;
		v.bits = true;
		break;
	case MySqlKind::date:
	case MySqlKind::datetime:
	case MySqlKind::time:
		if ((type.kind == MySqlKind::date && form == Form::date) ||
			(type.kind == MySqlKind::datetime && form == Form::datetime) ||
			(type.kind == MySqlKind::time && form == Form::time)) {
			v.form = form;
			v.fsp = type.fsp;
			if (bare == "time without time zone")
				v.sql += "::interval";
		}
		break;
	case MySqlKind::timestamp:
		if (form == Form::instant) {
			v.form = form;
			v.fsp = type.fsp;
		}
		break;
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text:
		if (form == Form::text)
			v = TextColumn(type, sql);
		break;
	case MySqlKind::enum_:
		v = TextColumn(type, sql);
		v.form = Form::label;
		v.sql = sql;
		v.labels = &type.labels;
		v.label_is_text = form == Form::text;
		break;
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob:
		if (form == Form::binary)
			v.form = form;
		break;
	case MySqlKind::json:
		if (form == Form::json) {
			v.form = form;
			v.jsonb = bare == "jsonb";
		}
		break;
	default: break;
	}
	return v;
}

} // namespace alkconv::core::expression
