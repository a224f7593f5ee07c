// Regime: C++ (may throw, never calls Postgres)
//
// The entry points: words, tree, value, and what the place asks for.
#include "core/expression.hpp"

#include "core/expression_assign.hpp"
#include "core/expression_lexer.hpp"
#include "core/expression_parser.hpp"
#include "core/expression_translator.hpp"
#include "core/hex.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <cctype>
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
		result.sql = make();
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

// MySQL's information_schema shows the default of a BINARY up to its first zero byte only.
std::string BytesDefault(const std::string &text, const SourceType &type) {
	if (text.size() < 2 || text.compare(0, 2, "0x") != 0)
		return text;
	std::string bytes;
	for (size_t i = 2; i + 1 < text.size(); i += 2) {
		const int high = HexValue(text[i]), low = HexValue(text[i + 1]);
		if (high < 0 || low < 0)
			throw Refusal{"its default is no hex number"};
		bytes += static_cast<char>(high << 4 | low);
	}
	if (bytes.size() < type.length)
		throw Refusal{"information_schema cuts a binary default off at its first zero byte"};
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

bool IsCurrentTimestamp(const std::string &text) {
	constexpr std::string_view kName = "current_timestamp";
	return text.size() >= kName.size() && std::equal(kName.begin(), kName.end(), text.begin(), [](char a, char b) {
			   return a == std::tolower(static_cast<unsigned char>(b));
		   });
}

bool HoldsBytes(MySqlKind kind) noexcept {
	return kind == MySqlKind::binary || kind == MySqlKind::varbinary || kind == MySqlKind::blob;
}

// MySQL spells a literal without quotes, so the column's type says what it is.
Value BareDefault(const SourceColumn &column, const std::string &text) {
	const SourceType &type = column.type;
	if (type.kind == MySqlKind::timestamp)
		throw Refusal{"information_schema spells the default in the time zone of whoever made the table"};
	if (HoldsBytes(type.kind))
		return MakeBytesLiteral(BytesDefault(text, type));
	if (IsNumeric(type.kind))
		return ValueOf(text, {true, {}});
	return MakeStringLiteral(text);
}

// MariaDB 10.11 spells bytes as text, with a question mark for what is none; 11.8 spells them X'..'.
Value MariaDbDefault(const SourceColumn &column, const std::string &text) {
	if (HoldsBytes(column.type.kind)) {
		const std::vector<Token> tokens = Tokenize(text);
		if (tokens.front().kind == TokenKind::string && tokens.size() == 2) { // and `end`
			if (tokens.front().text.find('?') != std::string::npos)
				throw Refusal{"information_schema shows a question mark, which may stand for any byte"};
			return MakeBytesLiteral(tokens.front().text);
		}
	}
	return ValueOf(text, {true, {}});
}

// MariaDB spells it in the session's zone, which is UTC here.
Value Instant(const Value &v) {
	ToDateTime(v); // refuses what is none
	return Make(Form::instant, SqlLiteral(v.literal.value_or("") + "+00") + "::timestamp with time zone");
}

} // namespace

Translation TranslateExpression(std::string_view expression, const ExpressionScope &scope) {
	return Translated([&] { return Natural(ValueOf(expression, scope)); });
}

Translation TranslateCondition(std::string_view expression, const ExpressionScope &scope) {
	return Translated([&] {
		const Value v = ToBoolean(ValueOf(expression, scope));
		if (v.volatility == Volatility::volatile_)
			RequireImmutable(v);
		return v.sql;
	});
}

Translation TranslateIndexPart(std::string_view expression, const ExpressionScope &scope) {
	std::string collation;
	Translation part = Translated([&] {
		const Value v = ValueOf(expression, scope);
		RequireImmutable(v);
		if (v.form == Form::text && v.collation != Collation::exact)
			collation = v.collation_name.empty() ? "of the connection" : v.collation_name;
		return Natural(v);
	});
	part.collation = std::move(collation);
	return part;
}

Translation TranslateGenerated(const SourceColumn &column, std::string_view target_type, const ExpressionScope &scope) {
	return Translated([&] {
		const Value v = ValueOf(column.generation_expression, scope);
		RequireImmutable(v);
		return Assign(v, column.type, target_type, scope.mariadb);
	});
}

Translation TranslateDefault(const SourceColumn &column, std::string_view target_type, bool mariadb) {
	if (!column.default_text)
		return {};
	const std::string &text = *column.default_text;
	return Translated([&] {
		const bool expression = column.default_is_expression || IsCurrentTimestamp(text);
		const Value v = mariadb		 ? MariaDbDefault(column, text)
						: expression ? ValueOf(text, {false, {}})
									 : BareDefault(column, text);
		if (v.form == Form::null)
			return std::string();
		const bool instant = column.type.kind == MySqlKind::timestamp && v.form == Form::text && v.literal;
		return Assign(instant ? Instant(v) : v, column.type, target_type, mariadb);
	});
}

} // namespace alkconv::core
