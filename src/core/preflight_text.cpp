// Regime: C++ (may throw, never calls Postgres)
//
// Text, bytes and labels.
#include "core/preflight_operand.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace alkconv::core::preflight {

namespace {

namespace my = digest::mysql;

constexpr int64_t kMaxNameBytes = 63;					 // NAMEDATALEN - 1
constexpr int32_t kMaxDecimalDigits = 35;				 // before the point, in DECIMAL(65,30)
constexpr const char *kBlanks = "[ \\t\\n\\x0B\\f\\r]*"; // as conversions of text to numbers skip

std::string Blob(const std::string &x) { return "CAST(" + x + " AS BINARY)"; }

std::string DecimalOf(const std::string &x) { return "CAST(" + x + " AS DECIMAL(65,30))"; }

bool MayExceedPayload(const SourceType &type) noexcept {
	return (type.kind == MySqlKind::text || type.kind == MySqlKind::blob || type.kind == MySqlKind::json) &&
		   (type.length == 0 || type.length > kMaxPayload);
}

bool IsBinary(const SourceType &type) noexcept { return FamilyOf(type.kind) == Family::binary; }

// Bytes are UTF-8 if they survive being read as such: what is not becomes '', NULL or question marks. MariaDB's utf8mb4 has surrogates,
// which its utf16 refuses.
std::string IsUtf8(const std::string &x, bool mariadb) {
	const std::string read = "CONVERT(" + x + " USING utf8mb4)";
	return "IFNULL(" + Blob(mariadb ? "CONVERT(CONVERT(" + read + " USING utf16) USING utf8mb4)" : read) + "=" + x +
		   ",FALSE)";
}

// What ScanText refuses. `bytes` are the value's as UTF-8.
void Scan(const Operand &o, const std::string &bytes) {
	if (MayExceedPayload(o.source()))
		o.Add("value_too_large", Code::value_too_large, "LENGTH(" + bytes + ")>" + std::to_string(kMaxPayload));
	o.Add("nul_in_text", Code::nul_in_text, "LOCATE(X'00'," + bytes + ")>0");
	if (IsBinary(o.source()))
		o.Add("invalid_encoding", Code::invalid_encoding,
			  "LOCATE(X'00'," + bytes + ")=0 AND NOT " + IsUtf8(o.x, o.mariadb));
}

std::string HoldsNoNul(const std::string &bytes) { return "LOCATE(X'00'," + bytes + ")=0"; }

// The source's type has no more characters than the target's, and no rule makes more.
bool IsShortByType(const Operand &o) noexcept {
	const MySqlKind kind = o.source().kind;
	const bool declared = kind == MySqlKind::char_ || kind == MySqlKind::varchar || kind == MySqlKind::binary ||
						  kind == MySqlKind::varbinary; // whose length counts bytes: a character has one or more
	return declared && o.target().length >= 0 && o.source().length <= static_cast<uint64_t>(o.target().length) &&
		   o.column.policy.transforms.empty();
}

void TextInto(const Operand &o, const std::string &bytes) {
	Scan(o, bytes);
	const std::string characters =
		IsBinary(o.source()) ? "CHAR_LENGTH(CONVERT(" + o.x + " USING utf8mb4))" : "CHAR_LENGTH(" + o.x + ")";
	if (!IsShortByType(o))
		TooLong(o, characters);
	if (o.kind() == PgKind::name)
		o.Add("text_too_long", Code::text_too_long, "LENGTH(" + bytes + ")>" + std::to_string(kMaxNameBytes));
	if (o.kind() == PgKind::bpchar)
		o.Add("trailing_blanks", Code::trailing_blanks,
			  "RIGHT(" + bytes + ",1)=X'20'" +
				  (o.target().length >= 0 ? " AND " + characters + "<=" + std::to_string(o.target().length) : ""));
}

std::string Matches(const std::string &text, const std::string &pattern) {
	return text + " REGEXP " + RegexLiteral(pattern);
}

// Text that a syntax refuses; the empty string by itself, because a rule settles that.
void Syntax(const Operand &o, const std::string &text, const std::string &pattern) {
	o.Add("empty_text", Code::invalid_text, "LENGTH(" + o.x + ")=0");
	o.Add("invalid_text", Code::invalid_text, "LENGTH(" + o.x + ")>0 AND NOT " + Matches(text, pattern));
}

// The usual spelling, told without a regular expression, which takes ten times as long.
std::string IsPlainUuid(const std::string &text) {
	const std::string digits = "REPLACE(" + text + ",'-','')"; // UNHEX takes an odd number of them, too
	return "IFNULL(LENGTH(" + digits + ")=32 AND UNHEX(" + digits + ") IS NOT NULL AND " + text +
		   " LIKE '________-____-____-____-____________',FALSE)";
}

// Each is a value of Postgres' uuid, too. MySQL has a function for it.
std::string IsUsualUuid(const std::string &text, bool mariadb) {
	return mariadb ? IsPlainUuid(text) : "IFNULL(IS_UUID(" + text + "),FALSE)";
}

void UuidSyntax(const Operand &o, const std::string &text, const std::string &unless) {
	static const std::string digits = "[0-9a-fA-F]{4}(-?[0-9a-fA-F]{4}){7}";
	const std::string fault = "NOT IFNULL(" + Matches(text, "^(" + digits + "|[{]" + digits + "[}])\\z") + ",FALSE)";
	o.Add("empty_uuid", Code::empty_uuid, "LENGTH(" + o.x + ")=0");
	o.Add("invalid_uuid", Code::invalid_uuid,
		  "LENGTH(" + o.x + ")>0 AND " + unless + "NOT " + IsUsualUuid(text, o.mariadb) + " AND " + fault);
}

// Text that is to be JSON.
void TextToJson(const Operand &o, const std::string &text, const std::string &bytes) {
	Scan(o, bytes);
	o.Add("empty_text", Code::invalid_text, "LENGTH(" + o.x + ")=0");
	JsonSyntax(o, text, "LENGTH(" + o.x + ")>0 AND " + HoldsNoNul(bytes));
	JsonEscapes(o, text, true);
}

std::string LabelList(const std::vector<std::string> &labels) {
	std::string list;
	for (const std::string &label : labels)
		list += (list.empty() ? "" : ",") + my::BinaryLiteral(label);
	return list;
}

constexpr const char *kDecimal = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";

std::string WithBlanks(const std::string &pattern) { return std::string("^") + kBlanks + pattern + kBlanks + "\\z"; }

std::string IntegerPattern() { return WithBlanks("[+-]?[0-9]+"); }
std::string DecimalPattern() { return WithBlanks(kDecimal); }

// The number that text spells, if it spells one.
std::string NumberOf(const std::string &text) {
	return DecimalOf("TRIM(REGEXP_REPLACE(" + text + "," + RegexLiteral("[\\t\\n\\x0B\\f\\r]") + ",' '))");
}

// Whether the digits of such a target are all among those of DecimalOf.
bool IsWithinDecimal(const TargetType &target) noexcept {
	return target.precision >= 0 && target.precision - target.scale <= kMaxDecimalDigits && target.scale <= 29;
}

void TextToNumber(const Operand &o, const std::string &text) {
	const std::string number = NumberOf(text);
	if (const IntegerRange *range = RangeOf(o.kind())) {
		Syntax(o, text, IntegerPattern());
		return o.Add("out_of_range", Code::out_of_range,
					 Matches(text, IntegerPattern()) + " AND " + number + " NOT BETWEEN " + range->minimum + " AND " +
						 range->maximum);
	}
	Syntax(o, text,
		   WithBlanks(std::string("(") + kDecimal + "|[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?))"));
	if (o.kind() != PgKind::numeric)
		return o.Unchecked(
			"whether a number survives the way through a floating-point number is not known before it is converted");
	if (o.target().precision < 0)
		return;
	if (!IsWithinDecimal(o.target()))
		return o.Unchecked("whether so long a number fits is not known before it is converted");
	const std::string is_number = "IF(" + Matches(text, DecimalPattern()) + "," + number + ",0)";
	OutOfNumeric(o, is_number, HasMoreDigits(is_number, o.target().scale));
}

// ISO 8601's extended form, as ParseTemporalText reads it.
void TextToTemporal(const Operand &o, const std::string &text) {
	static const std::string date = "[0-9]{4}-[0-9]{2}-[0-9]{2}", clock = ":[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?",
							 zone = "(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)";
	std::string pattern;
	switch (o.kind()) {
	case PgKind::date: pattern = date; break;
	case PgKind::timestamp: pattern = date + "([T ][0-9]{2}" + clock + ")?"; break;
	case PgKind::timestamptz: pattern = date + "[T ][0-9]{2}" + clock + zone; break;
	default: pattern = "-?[0-9]{2,3}" + clock; break;
	}
	pattern = "^" + pattern + "\\z";
	Syntax(o, text, pattern);
	const std::string valid = Matches(text, pattern);
	std::string right = valid;
	if (o.kind() == PgKind::time) {
		right += " AND " + my::Seconds("CAST(" + text + " AS TIME(6))") + "+0E0 BETWEEN 0 AND 86400";
		o.Add("out_of_range", Code::out_of_range,
			  valid + " AND " + my::Seconds("CAST(" + text + " AS TIME(6))") + "+0E0 NOT BETWEEN 0 AND 86400");
	} else {
		const std::string day = "LEFT(" + text + ",10)";
		const std::string zero = day + "='0000-00-00'";
		const std::string incomplete =
			"(LEFT(" + text + ",4)='0000' OR SUBSTR(" + text + ",6,2)='00' OR SUBSTR(" + text + ",9,2)='00')";
		const std::string month_fits = "SUBSTR(" + text + ",6,2)<='12'";
		o.Add("zero_date", Code::zero_date, valid + " AND " + zero);
		o.Add("partial_date", Code::partial_date,
			  valid + " AND NOT " + zero + " AND (" + incomplete + " OR " + month_fits + " AND CAST(" + day +
				  " AS DATE) IS NULL)");
		std::string beyond = "SUBSTR(" + text + ",6,2)>'12'";
		if (o.kind() != PgKind::date)
			beyond = "(" + beyond + " OR CAST(" + day + " AS DATE) IS NOT NULL AND SUBSTR(" + text + ",12,2)>'23')";
		o.Add("date_out_of_range", Code::date_out_of_range, valid + " AND NOT " + incomplete + " AND " + beyond);
		right += " AND NOT " + incomplete + " AND CAST(" + day + " AS DATE) IS NOT NULL";
		if (o.kind() == PgKind::date)
			return;
		right += " AND (LENGTH(" + text + ")=10 OR SUBSTR(" + text + ",12,2)<='23')";
	}
	const int32_t fsp = o.target().fsp < 0 ? 6 : o.target().fsp;
	o.Add("inexact_number", Code::inexact_number,
		  right + " AND " + Matches(text, "[.][0-9]{" + std::to_string(fsp) + "}[0-9]*[1-9]"));
}

bool HasLabel(const std::vector<std::string> &labels, const std::string &label) {
	return std::find(labels.begin(), labels.end(), label) != labels.end();
}

} // namespace

std::string TextAs(const TargetType &target, const std::string &text) {
	if (target.kind == PgKind::timestamp)
		return "CAST(REPLACE(" + text + ",'T',' ') AS DATETIME(6))";
	if (RangeOf(target.kind) != nullptr)
		return "IF(" + Matches(text, IntegerPattern()) + "," + NumberOf(text) + ",NULL)";
	if (target.kind == PgKind::numeric && IsWithinDecimal(target))
		return "IF(" + Matches(text, DecimalPattern()) + "," + NumberOf(text) + ",NULL)";
	return "";
}

void FromText(const Operand &o) {
	const std::string text = my::Characters(o.x, o.source());
	const std::string bytes = Utf8Bytes(o.x, o.source());
	switch (o.kind()) {
	case PgKind::bytea:
		if (MayExceedPayload(o.source()))
			o.Add("value_too_large", Code::value_too_large, "LENGTH(" + bytes + ")>" + std::to_string(kMaxPayload));
		return;
	case PgKind::uuid: return UuidSyntax(o, text, "");
	case PgKind::json:
	case PgKind::jsonb: return TextToJson(o, text, bytes);
	case PgKind::int2:
	case PgKind::int4:
	case PgKind::int8:
	case PgKind::numeric:
	case PgKind::float4:
	case PgKind::float8: return TextToNumber(o, text);
	case PgKind::date:
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz: return TextToTemporal(o, text);
	case PgKind::enum_:
		if (!o.target().labels.empty())
			o.Add("unknown_label", Code::unknown_label, bytes + " NOT IN (" + LabelList(o.target().labels) + ")");
		return;
	case PgKind::boolean:
		Scan(o, bytes);
		// the words of boolin, and their beginnings
		return Syntax(o, text,
					  "^" + std::string(kBlanks) +
						  "([tT]([rR]([uU][eE]?)?)?|[fF]([aA]([lL]([sS][eE]?)?)?)?|[yY]([eE][sS]?)?|[nN][oO]?|"
						  "[oO][nN]|[oO][fF][fF]?|[01])" +
						  kBlanks + "\\z");
	default: break;
	}
	if (IsTextTarget(o.kind()))
		return TextInto(o, bytes);
	Scan(o, bytes);
	o.Unchecked(kInputDecides);
}

void FromBinary(const Operand &o) {
	switch (o.kind()) {
	case PgKind::uuid:
		return UuidSyntax(o, "CONVERT(" + o.x + " USING utf8mb4) COLLATE utf8mb4_bin",
						  ("LENGTH(" + o.x + ")<>16 AND "));
	case PgKind::json:
	case PgKind::jsonb: return TextToJson(o, "CONVERT(" + o.x + " USING utf8mb4) COLLATE utf8mb4_bin", o.x);
	case PgKind::bytea:
		if (MayExceedPayload(o.source()))
			o.Add("value_too_large", Code::value_too_large, "LENGTH(" + o.x + ")>" + std::to_string(kMaxPayload));
		return;
	default: return TextInto(o, o.x);
	}
}

void FromEnum(const Operand &o) {
	const std::vector<std::string> &labels = o.source().labels;
	if (!HasLabel(labels, ""))
		o.Add("enum_empty", Code::unknown_label, "LENGTH(" + o.x + ")=0");
	if (o.kind() == PgKind::enum_ && !o.target().labels.empty()) {
		std::vector<std::string> missing;
		for (const std::string &label : labels)
			if (!HasLabel(o.target().labels, label))
				missing.push_back(label);
		if (!missing.empty()) // by what it is called: a rule makes text of it
			o.Add("unknown_label", Code::unknown_label,
				  Utf8Bytes(o.x, o.source()) + " IN (" + LabelList(missing) + ")");
		return;
	}
	if (IsTextTarget(o.kind()))
		return TooLong(o, "CHAR_LENGTH(" + o.x + ")");
	o.Unchecked(kInputDecides);
}

void FromSet(const Operand &o) {
	if (IsTextTarget(o.kind()))
		return TooLong(o, "CHAR_LENGTH(" + o.x + ")");
	if (o.kind() != PgKind::text_array)
		o.Unchecked(kInputDecides);
}

// MySQL's JSON is valid and holds escapes only for control characters; MariaDB's is text.
void FromJson(const Operand &o) {
	if (o.mariadb) {
		const std::string text = my::Characters(o.x, o.source());
		if (IsTextTarget(o.kind()))
			return TextInto(o, Utf8Bytes(o.x, o.source()));
		if (o.kind() == PgKind::json || o.kind() == PgKind::jsonb)
			return TextToJson(o, text, Utf8Bytes(o.x, o.source()));
		return o.Unchecked(kInputDecides);
	}
	const std::string text = my::AsChar(o.x);
	if (IsTextTarget(o.kind()))
		return TooLong(o, "CHAR_LENGTH(" + text + ")");
	if (o.kind() == PgKind::json || o.kind() == PgKind::jsonb)
		return JsonEscapes(o, text, false);
	o.Unchecked(kInputDecides);
}

} // namespace alkconv::core::preflight
