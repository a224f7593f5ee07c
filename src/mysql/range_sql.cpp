// Regime: C++ (may throw, never calls Postgres)
//
// The SQL of ranges of a key.
#include "mysql/range_sql.hpp"

#include "core/digest_mysql.hpp"
#include "core/temporal.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <numeric>

namespace alkconv::mysql {

namespace {

std::string TemporalLiteral(const char *type, const std::string &text) {
	core::TemporalText parsed;
	if (core::ParseTemporalText(text, parsed) != core::Code::ok)
		return "";
	const core::Temporal &t = parsed.value;
	const bool partial = t.month == 0 || t.day == 0; // our sql_mode lets these pass
	return partial || core::CheckDate(t) == core::Code::ok ? type + ("'" + text + "'") : "";
}

std::string Collated(const core::SourceType &type, const std::string &expression) {
	return expression + " COLLATE " + type.collation;
}

// The server stores bytes that are no text and refuses them as a literal. In other charsets than Unicode's it sends
// them as question marks.
bool Malformed(const core::SourceType &type, const std::string &text) {
	return core::ScanText(text).code == core::Code::invalid_encoding ||
		   (type.charset.compare(0, 4, "utf8") != 0 && type.charset != "latin1" && text.find('?') != std::string::npos);
}

// `a` < 1 OR (`a` = 1 AND `b` < 2): `strict` compares all columns but the last, `last` that one.
std::string Beyond(const std::vector<KeyColumn> &columns, const Bound &bound, size_t from, const char *strict,
				   const char *last) {
	const std::string &name = columns[from].name;
	if (from + 1 == bound.size())
		return name + last + bound[from];
	return '(' + name + strict + bound[from] + " OR (" + name + " = " + bound[from] + " AND " +
		   Beyond(columns, bound, from + 1, strict, last) + "))";
}

std::string AscendingFrom(const Bound &a, const Bound &b, size_t from) {
	if (from == b.size())
		return "0";
	if (from == a.size())
		return "1";
	if (a[from] == b[from])
		return AscendingFrom(a, b, from + 1);
	return '(' + a[from] + " < " + b[from] + " OR (" + a[from] + " = " + b[from] + " AND " +
		   AscendingFrom(a, b, from + 1) + "))";
}

} // namespace

KeyClass ClassOf(const core::SourceType &type) noexcept {
	switch (type.kind) {
	case core::MySqlKind::tinyint:
	case core::MySqlKind::smallint:
	case core::MySqlKind::mediumint:
	case core::MySqlKind::int_:
	case core::MySqlKind::bigint: return KeyClass::integer;
	case core::MySqlKind::decimal: return KeyClass::decimal;
	case core::MySqlKind::date: return KeyClass::date;
	case core::MySqlKind::datetime:
	case core::MySqlKind::timestamp: return KeyClass::datetime;
	case core::MySqlKind::char_:
	case core::MySqlKind::varchar: return KeyClass::text;
	case core::MySqlKind::binary:
	case core::MySqlKind::varbinary: return KeyClass::binary;
	default: return KeyClass::none;
	}
}

std::string KeyLiteral(const core::SourceType &type, const std::string &text, const std::string &hex) {
	switch (ClassOf(type)) {
	case KeyClass::integer:
	case KeyClass::decimal: return text;
	case KeyClass::date: return TemporalLiteral("DATE", text);
	case KeyClass::datetime: return TemporalLiteral("TIMESTAMP", text);
	case KeyClass::text: return Malformed(type, text) ? "" : Collated(type, '_' + type.charset + " X'" + hex + '\'');
	case KeyClass::binary: return "_binary X'" + hex + '\'';
	case KeyClass::none: break;
	}
	return "";
}

std::string ConvertedLiteral(const core::SourceType &type, const std::string &utf8) {
	return Collated(type,
					"CONVERT(_utf8mb4 " + core::digest::mysql::BinaryLiteral(utf8) + " USING " + type.charset + ')');
}

std::string RangeCondition(const std::vector<KeyColumn> &columns, const Bound &lower, const Bound &upper) {
	std::string condition;
	const auto add = [&condition](const std::string &term) { condition += (condition.empty() ? "" : " AND ") + term; };
	size_t same = 0;
	for (; same + 1 < std::min(lower.size(), upper.size()) && lower[same] == upper[same]; ++same)
		add(columns[same].name + " = " + lower[same]);
	if (!lower.empty())
		add(Beyond(columns, lower, same, " > ", " >= "));
	if (!upper.empty())
		add(Beyond(columns, upper, same, " < ", " < "));
	return condition;
}

std::string AscendingExpression(const Bound &a, const Bound &b) { return AscendingFrom(a, b, 0); }

std::vector<size_t> ChooseCuts(const std::vector<uint64_t> &weights, uint64_t wanted) {
	std::vector<size_t> cuts;
	const uint64_t total = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
	if (total == 0)
		return cuts;
	uint64_t before = 0, range = 0;
	for (size_t i = 0; i < weights.size(); before += weights[i++]) {
		// that of the segment's middle
		const uint64_t own = (2 * before + weights[i]) * wanted / (2 * total);
		if (i > 0 && own > range)
			cuts.push_back(i);
		range = own;
	}
	return cuts;
}

} // namespace alkconv::mysql
