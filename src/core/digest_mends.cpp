// Regime: C++ (may throw, never calls Postgres)
//
// Transforms in the SQL that MySQL and MariaDB share. Functions that a collation could mislead get text in utf8mb4_bin.
#include "core/digest_mends.hpp"

#include "core/digest_inflate.hpp"
#include "core/digest_limits.hpp"
#include "core/digest_mysql.hpp"

#include <algorithm>

namespace alkconv::core::digest {

namespace {

constexpr const char *kSymbolForNull = "CONVERT(X'E29080' USING utf8mb4)"; // U+2400

std::string Call(const char *function, const std::string &a, const std::string &b, const std::string &c) {
	return std::string(function) + "(" + a + "," + b + "," + c + ")";
}

std::string If(const std::string &condition, const std::string &yes, const std::string &no) {
	return Call("IF", condition, yes, no);
}

std::string Utf8(const std::string &literal) { return "CONVERT(" + literal + " USING utf8mb4)"; }

// A date of the source's type, so that its other values keep theirs.
std::string DateLiteral(const SourceType &source, const std::string &date) {
	return source.kind == MySqlKind::date ? "DATE'" + date + "'" : "TIMESTAMP'" + date + " 00:00:00'";
}

std::string BeyondMonth(const std::string &x) { return "DAY(" + x + ")>DAY(LAST_DAY(" + x + "))"; }

// The first day of the month or year that is known; the time of day stays.
std::string FirstDay(const std::string &x, const SourceType &source) {
	const std::string text = mysql::AsChar(x);
	const std::string type = source.kind == MySqlKind::date ? "DATE" : "DATETIME(" + std::to_string(source.fsp) + ")";
	const std::string first = "CAST(CONCAT(LEFT(" + text + ",5),LPAD(GREATEST(MONTH(" + x +
							  "),1),2,'0'),'-01',SUBSTR(" + text + ",11)) AS " + type + ")";
	return If("YEAR(" + x + ")>0 AND (MONTH(" + x + ")=0 OR DAY(" + x + ")=0 OR " + BeyondMonth(x) + ")", first, x);
}

std::string PartialDate(const std::string &x, const SourceType &source, const Transform &transform) {
	if (transform.Is("first"))
		return FirstDay(x, source);
	return If("NOT " + IsZeroDate(x) + " AND (YEAR(" + x + ")=0 OR MONTH(" + x + ")=0 OR DAY(" + x + ")=0 OR " +
				  BeyondMonth(x) + ")",
			  "NULL", x);
}

std::string ZeroDate(const std::string &x, const SourceType &source, const Transform &transform) {
	return If(IsZeroDate(x), transform.Is("null") ? "NULL" : DateLiteral(source, transform.argument), x);
}

// The characters' bytes in cp1252 are read as UTF-8, where both steps lose nothing. MySQL gives NULL for what is not UTF-8, MariaDB question
// marks; both take surrogates (bytes ED A0 to ED BF), which UTF-8 does not have: those are looked for in the characters, without any
// backtracking, of which the servers allow little.
std::string RepairUtf8InLatin1(const std::string &text) {
	static const std::string surrogate = Utf8(mysql::BinaryLiteral("\\x{ED}[\\x{A0}-\\x{BF}]"));
	const std::string latin1 = "CONVERT(" + text + " USING latin1)";
	const std::string bytes = "CONVERT(" + latin1 + " USING binary)";
	const std::string utf8 = Utf8(bytes);
	return If("CHAR_LENGTH(" + text + ")<>LENGTH(" + text + ") AND " + Utf8(latin1) + " COLLATE utf8mb4_bin=" + text +
				  " AND CONVERT(" + utf8 + " USING binary)=" + bytes + " AND " + text + " NOT REGEXP " + surrogate,
			  utf8 + " COLLATE utf8mb4_bin", text);
}

// An escaped backslash is put out of the way first, as a character that JSON text cannot hold.
std::string JsonNul(const std::string &x, const std::string &text, const Transform &transform) {
	const std::string backslashes = "CHAR(92,92 USING utf8mb4)", aside = "CHAR(1 USING utf8mb4)";
	const std::string nul = "CONCAT(CHAR(92 USING utf8mb4),'u0000')";
	const std::string escapes = Call("REPLACE", text, backslashes, aside);
	if (transform.Is("null"))
		return If("LOCATE(" + nul + "," + escapes + ")>0", "NULL", x);
	const std::string to = transform.Is("replace") ? kSymbolForNull : "''";
	return Call("REPLACE", Call("REPLACE", escapes, nul, to), aside, backslashes);
}

bool IsBytes(MySqlKind kind) noexcept {
	return kind == MySqlKind::binary || kind == MySqlKind::varbinary || kind == MySqlKind::blob;
}

// Bytes stay bytes: whether they are text is not known here.
std::string ReplaceNul(const std::string &x, const std::string &text, const SourceType &source, const char *to) {
	if (IsBytes(source.kind))
		return Call("REPLACE", x, "X'00'", to);
	return Call("REPLACE", text, "CHAR(0 USING utf8mb4)", Utf8(to));
}

std::string UuidSwap(const std::string &x) {
	const std::string digits = "HEX(" + x + ")";
	return If("LENGTH(" + x + ")=16",
			  "UNHEX(CONCAT(SUBSTR(" + digits + ",9,8),SUBSTR(" + digits + ",5,4),SUBSTR(" + digits + ",1,4),SUBSTR(" +
				  digits + ",17)))",
			  x);
}

std::string Clamp(const std::string &x, const ColumnPlan &column) {
	const Limits limits = LimitsOf(column.source_type, column.target_type);
	return If(x + ">" + limits.highest, limits.highest, If(x + "<" + limits.lowest, limits.lowest, x));
}

std::string Mended(const std::string &x, const ColumnPlan &column, const Transform &transform, bool mariadb) {
	const SourceType &source = column.source_type;
	const std::string text =
		source.kind == MySqlKind::json && !mariadb ? mysql::AsChar(x) : mysql::Characters(x, source);
	switch (transform.name) {
	case TransformName::utf8_in_latin1_repair: return RepairUtf8InLatin1(text);
	case TransformName::strip_nul: return ReplaceNul(x, text, source, "X''");
	case TransformName::replace_nul: return ReplaceNul(x, text, source, "X'E29080'");
	case TransformName::trim_pad: return "TRIM(TRAILING ' ' FROM " + text + ")";
	case TransformName::json_nul: return JsonNul(x, text, transform);
	case TransformName::enum_empty:
		return If("LENGTH(" + x + ")=0", transform.Is("null") ? "NULL" : Utf8(mysql::BinaryLiteral(transform.argument)),
				  text);
	case TransformName::zero_date: return ZeroDate(x, source, transform);
	case TransformName::partial_date: return PartialDate(x, source, transform);
	case TransformName::uuid_swap: return UuidSwap(x);
	case TransformName::clamp: return Clamp(x, column);
	case TransformName::tinyint_to_boolean: return "(" + x + "<>0)";
	case TransformName::inflate: {
		const std::string bytes = Inflated(x, source);
		return column.target_type.kind == PgKind::bytea ? bytes : Utf8(bytes);
	}
	case TransformName::parent_spelling:
	case TransformName::empty_to_null:
	case TransformName::wall_time: // its rendering knows
	case TransformName::code_points_to_base64:
	case TransformName::code_points_to_bytea: break;
	}
	return x;
}

} // namespace

bool Inflates(const ColumnPolicy &policy) noexcept {
	return std::any_of(policy.transforms.begin(), policy.transforms.end(),
					   [](const Transform &transform) { return transform.name == TransformName::inflate; });
}

std::string SelectedColumn(const ColumnPlan &column) {
	return column.source_sql.empty() ? mysql::Identifier(column.source_name) : column.source_sql;
}

std::string MendedColumn(const ColumnPlan &column, bool mariadb) {
	return MendedValue(SelectedColumn(column), column, mariadb);
}

std::string MendedValue(std::string x, ColumnPlan column, bool mariadb) {
	const std::vector<Transform> transforms = column.policy.transforms;
	for (const Transform &transform : transforms) {
		if (!transform.Is("-infinity"))
			x = Mended(x, column, transform, mariadb);
		if (transform.name == TransformName::inflate)
			column.source_type = InflatedType(column.target_type);
	}
	return x;
}

std::string IsZeroDate(const std::string &x) {
	return "(YEAR(" + x + ")=0 AND MONTH(" + x + ")=0 AND DAY(" + x + ")=0)";
}

} // namespace alkconv::core::digest
