// Regime: C++ (may throw, never calls Postgres)
//
// The entry points: words, tree, value, and what the place asks for.
#include "core/expression.hpp"

#include "core/expression_assign.hpp"
#include "core/expression_lexer.hpp"
#include "core/expression_parser.hpp"
#include "core/expression_translator.hpp"
#include "core/hex.hpp"
#include "core/literal_default.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace alkconv::core {

namespace {

using namespace expression;

Value ValueOf(std::string_view text, const ExpressionScope &scope) {
	constexpr size_t kLongest = size_t{64} * 1024;
	if (text.size() > kLongest)
		throw Refusal{"it is longer than " + std::to_string(kLongest) + " bytes"};
	return Translator(scope).Translate(*Parse(Tokenize(PlainSpelling(text, scope.mariadb))));
}

template <typename Make>
Translation Translated(Make make) {
	Translation result;
	try {
		result.sql = make(result);
	} catch (const Refusal &refusal) {
		result.refusal = refusal.reason;
	}
	return result;
}

void RequireImmutable(const Value &v) {
	if (v.volatility != Volatility::immutable)
		throw Refusal{"its value is another at other times"};
}

// A random uuid or a binary literal has a form of its own until it meets a column.
std::string Natural(const Value &v) {
	if (v.form == Form::null)
		throw Refusal{"it is NULL"};
	if (v.form == Form::opaque)
		throw Refusal{"no type is known for it"};
	return v.form == Form::uuid ? (v.uuid_bytes ? "pg_catalog.uuid_send(" + v.sql + ")" : v.sql) : v.sql;
}

// The widest types of each form.
struct NaturalType {
	const char *source, *target;
};

NaturalType NaturalTypeOf(const Value &v) noexcept {
	switch (v.form) {
	case Form::boolean: return {"bigint", "boolean"};
	case Form::integer: return {v.is_unsigned ? "bigint unsigned" : "bigint", "numeric"};
	case Form::decimal: return {"decimal(65,30)", "numeric"};
	case Form::floating: return {"double", "double precision"};
	case Form::binary: return {"longblob", "bytea"};
	case Form::date: return {"date", "date"};
	case Form::datetime: return {"datetime(6)", "timestamp without time zone"};
	case Form::instant: return {"timestamp(6)", "timestamp with time zone"};
	case Form::time: return {"time(6)", "interval"};
	case Form::json: return {"json", "jsonb"};
	default: return {"longtext", "text"};
	}
}

std::string BytesDefault(const std::string &text) {
	if (text.size() < 2 || text.compare(0, 2, "0x") != 0)
		return text;
	std::string bytes;
	for (size_t i = 2; i + 1 < text.size(); i += 2) {
		const int high = HexValue(text[i]), low = HexValue(text[i + 1]);
		if (high < 0 || low < 0)
			throw Refusal{"its default is no hex number"};
		bytes += static_cast<char>(high << 4 | low);
	}
	return bytes;
}

bool IsNumeric(MySqlKind kind) noexcept {
	switch (kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint:
	case MySqlKind::decimal:
	case MySqlKind::float_:
	case MySqlKind::double_:
	case MySqlKind::year:
	case MySqlKind::bit: return true;
	default: return false;
	}
}

bool HoldsBytes(MySqlKind kind) noexcept {
	return kind == MySqlKind::binary || kind == MySqlKind::varbinary || kind == MySqlKind::blob;
}

Value NumberDefault(const std::string &text) { return ValueOf(text, {true, {}}); }

// The default's own value, without the catalog's spelling.
Value WholeDefault(const SourceType &type, const std::string &value) {
	if (HoldsBytes(type.kind))
		return MakeBytesLiteral(value);
	return IsNumeric(type.kind) ? NumberDefault(value) : MakeStringLiteral(value);
}

// MySQL spells a literal without quotes, so the column's type says what it is.
Value BareDefault(const SourceColumn &column, const std::string &text) {
	return WholeDefault(column.type, HoldsBytes(column.type.kind) ? BytesDefault(text) : text);
}

// MariaDB 10.11 spells bytes as text; 11.8 spells them X'..'.
Value MariaDbDefault(const SourceColumn &column, const std::string &text) {
	if (HoldsBytes(column.type.kind)) {
		const std::vector<Token> tokens = Tokenize(text);
		if (tokens.front().kind == TokenKind::string && tokens.size() == 2) // and `end`
			return MakeBytesLiteral(tokens.front().text);
	}
	return ValueOf(text, {true, {}});
}

Value DefaultOf(const SourceColumn &column, bool mariadb) {
	if (column.default_value)
		return WholeDefault(column.type, *column.default_value);
	if (const char *doubt = DoubtAboutDefault(column, mariadb))
		throw Refusal{doubt};
	const std::string &text = *column.default_text;
	if (mariadb)
		return MariaDbDefault(column, text);
	return column.default_is_expression || IsClock(column) ? ValueOf(text, {false, {}}) : BareDefault(column, text);
}

// A literal default of FLOAT(M,D) has the declared digits already.
SourceType TypeOfDefault(const SourceColumn &column) {
	SourceType type = column.type;
	if (!column.default_is_expression && (type.kind == MySqlKind::float_ || type.kind == MySqlKind::double_))
		type.text.erase(std::min(type.text.find('('), type.text.size()));
	return type;
}

// MariaDB spells it in the session's zone, which is UTC here.
Value Instant(const Value &v) {
	ToDateTime(v); // refuses what is none
	return Make(Form::instant, SqlLiteral(v.literal.value_or("") + "+00") + "::timestamp with time zone");
}

std::string Hex(const std::string &bytes) {
	std::string hex;
	for (const char c : bytes) {
		char digits[2];
		PutHex(static_cast<unsigned char>(c), digits);
		hex.append(digits, 2);
	}
	return "X'" + hex + "'";
}

} // namespace

std::string LiteralDefaultInSource(const SourceColumn &column, bool mariadb) {
	if (mariadb && !column.default_value)
		return *column.default_text;
	const bool bytes = HoldsBytes(column.type.kind);
	const std::string &text = column.default_value ? *column.default_value : *column.default_text;
	if (bytes)
		return Hex(column.default_value ? text : BytesDefault(text));
	return IsNumeric(column.type.kind) ? text : "_utf8mb4 " + Hex(text);
}

Translation TranslateExpression(std::string_view expression, const ExpressionScope &scope) {
	return Translated([&](Translation &) { return Natural(ValueOf(expression, scope)); });
}

Translation TranslateCondition(std::string_view expression, const ExpressionScope &scope) {
	return Translated([&](Translation &result) {
		const Value v = ToBoolean(ValueOf(expression, scope));
		result.moment = v.volatility != Volatility::immutable;
		if (v.volatility == Volatility::volatile_)
			RequireImmutable(v);
		return v.sql;
	});
}

Translation TranslateIndexPart(std::string_view expression, const ExpressionScope &scope) {
	return Translated([&](Translation &result) {
		const Value v = ValueOf(expression, scope);
		RequireImmutable(v);
		if (v.form == Form::text && v.collation != Collation::exact)
			result.collation = v.collation_name.empty() ? "of the connection" : v.collation_name;
		const NaturalType type = NaturalTypeOf(v);
		result.source_type = ParseSourceType(type.source, v.form == Form::text ? "utf8mb4" : "", "");
		result.target_type = type.target;
		return Natural(v);
	});
}

Translation TranslateGenerated(const SourceColumn &column, std::string_view target_type, const ExpressionScope &scope) {
	return Translated([&](Translation &) {
		const Value v = ValueOf(column.generation_expression, scope);
		RequireImmutable(v);
		return Assign(v, column.type, target_type, scope.mariadb);
	});
}

Translation TranslateDefault(const SourceColumn &column, std::string_view target_type, bool mariadb) {
	if (!column.default_text)
		return {};
	return Translated([&](Translation &result) {
		const Value v = DefaultOf(column, mariadb);
		result.moment = v.volatility != Volatility::immutable;
		if (v.form == Form::null)
			return std::string();
		const bool instant = column.type.kind == MySqlKind::timestamp && v.form == Form::text && v.literal;
		return Assign(instant ? Instant(v) : v, TypeOfDefault(column), target_type, mariadb);
	});
}

std::optional<std::string> LiteralDefault(const SourceColumn &column, bool mariadb) {
	if (!column.default_text || column.default_value)
		return column.default_value;
	if (IsNumeric(column.type.kind) && !column.default_is_expression)
		return *column.default_text;
	try {
		return DefaultOf(column, mariadb).literal;
	} catch (const Refusal &) {
		return std::nullopt;
	}
}

} // namespace alkconv::core
