// Regime: C++ (may throw, never calls Postgres)
//
// The decisions, one function per family of source types. What none of them decides is read again.
#include "core/digest_pairs.hpp"

#include "core/digest_inflate.hpp"
#include "core/digest_mends.hpp"
#include "core/digest_mysql.hpp"
#include "core/digest_postgres.hpp"
#include "core/digest_zones.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core::digest {

namespace {

constexpr const char *kNoRendering = "the two servers write such values in different ways";
constexpr const char *kNormalised = "the target's input function may write the value in another way";
constexpr const char *kJsonNumbers = "jsonb writes numbers with exponents in another way";
constexpr const char *kFreeJson = "the source keeps JSON as it was written, jsonb does not";
constexpr const char *kRuledDate = "the date that a rule gives for a zero date is in no time zone";
constexpr const char *kExpression = "a rule's expression computed them";
constexpr const char *kOtherFormat = "the source inflates neither gzip's format nor more than 64 MB";
constexpr const char *kLargeNumbers = "large numbers are written in another way";

bool IsTextKind(PgKind kind) noexcept {
	return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar || kind == PgKind::name;
}

bool IsExactNumber(PgKind kind) noexcept {
	return kind == PgKind::int2 || kind == PgKind::int4 || kind == PgKind::int8 || kind == PgKind::numeric ||
		   kind == PgKind::boolean;
}

bool IsFloat(PgKind kind) noexcept { return kind == PgKind::float4 || kind == PgKind::float8; }

bool IsArray(const TargetType &type) noexcept {
	return type.kind == PgKind::text_array ||
		   (type.stored().size() > 2 && type.stored().compare(type.stored().size() - 2, 2, "[]") == 0);
}

Pair Reread(const char *why) {
	Pair pair;
	pair.reread = true;
	pair.why = why;
	return pair;
}

Pair Digest(Rendering mysql, Rendering postgres) {
	Pair pair;
	pair.mysql = std::move(mysql);
	pair.postgres = std::move(postgres);
	return pair;
}

Pair Recheck(Pair pair, const char *why) {
	pair.recheck = true;
	pair.why = why;
	return pair;
}

// One column with its operands: `x` is NULL where the policy makes the value NULL, `c` is the stored column.
struct Column {
	const SourceType &source;
	const TargetType &target;
	std::string x, c;
	bool mariadb;
	bool zero_is_infinite = false; // zero dates are -infinity in the target
	bool zero_is_date = false;	   // or a date of a rule
	const Zone *zone = nullptr;	   // of wall times that became instants, or the reverse
	ClockChange clock_change = ClockChange::refuse;

	PgKind kind() const noexcept { return target.kind; }
	std::string Stored() const { return postgres::TextOf(c, target); }

	// Renderings made for comparison (seconds since 1970, bits) are no reading matter: messages show the values themselves.
	Pair Plain(const std::string &mysql, const std::string &postgres) const {
		Pair pair = Digest(mysql::Plain(x, mysql), postgres::Plain(c, postgres));
		pair.mysql.excerpt = mysql::Excerpt(ReadableSource(mysql));
		pair.postgres.excerpt =
			postgres::Excerpt(IsFloat(kind()) ? postgres::AsText(c + "::pg_catalog.float8") : Stored());
		return pair;
	}

	std::string ReadableSource(const std::string &rendering) const {
		switch (source.kind) {
		case MySqlKind::decimal:
		case MySqlKind::double_:
		case MySqlKind::date:
		case MySqlKind::datetime:
		case MySqlKind::timestamp:
		case MySqlKind::time:
		case MySqlKind::inet4:
		case MySqlKind::inet6: return mysql::AsChar(x);
		case MySqlKind::float_: return mysql::AsChar(x + "+0E0"); // all digits
		default: return rendering;
		}
	}

	// Of dates and times; MySQL has no infinite ones.
	Pair Epoch(const std::string &mysql, const std::string &postgres) const {
		return Plain(zero_is_infinite ? "IF(" + IsZeroDate(x) + ",'-Infinity'," + mysql + ")" : mysql, postgres);
	}

	// What the source writes, in a target that keeps text.
	Pair PlainAsText(const std::string &mysql) const {
		return Digest(mysql::Text(x, mysql), postgres::Text(c, Stored()));
	}

	std::string ExactNumber() const {
		return kind() == PgKind::boolean   ? postgres::Boolean(c)
			   : kind() == PgKind::numeric ? postgres::Numeric(c)
										   : Stored();
	}
};

Pair FromInteger(const Column &column) {
	const std::string text = mysql::Integer(column.x, column.source);
	if (IsExactNumber(column.kind()))
		return column.Plain(text, column.ExactNumber());
	if (IsFloat(column.kind()))
		return Recheck(column.Plain(text, postgres::IntegralFloat(column.c)), kLargeNumbers);
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

Pair FromYear(const Column &column) {
	if (IsExactNumber(column.kind()))
		return column.Plain(mysql::Integer(column.x, column.source), column.ExactNumber());
	const std::string text = mysql::AsChar(column.x); // four digits
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

Pair FromBit(const Column &column) {
	if (IsExactNumber(column.kind()))
		return column.Plain(mysql::Integer(column.x, column.source), column.ExactNumber());
	const std::string text = mysql::Bits(column.x, column.source);
	if (column.kind() == PgKind::bit || column.kind() == PgKind::varbit)
		return column.Plain(text, column.Stored());
	return Recheck(column.PlainAsText(text), kNormalised);
}

Pair FromDecimal(const Column &column) {
	if (IsExactNumber(column.kind()))
		return column.Plain(mysql::Decimal(column.x, column.source), column.ExactNumber());
	if (IsFloat(column.kind()))
		return Recheck(column.Plain(mysql::Decimal(column.x, column.source), postgres::FloatDigits(column.c)),
					   kLargeNumbers);
	const std::string text = mysql::AsChar(column.x);
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

// FLOAT(M,D) into anything but numbers in binary: the source shows such a number with D digits after the point.
Pair FromDeclaredDigits(const Column &column) {
	const std::string text = mysql::AsChar(column.x);
	if (column.source.text.find("zerofill") != std::string::npos) // which is shown, too
		return Reread(kNoRendering);
	if (column.kind() == PgKind::numeric)
		return column.Plain(mysql::ShownFloat(column.x, column.source), postgres::Numeric(column.c));
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

// The digits that are stored are those of the source's number, to the bit, when the server reads them as such a number.
// A decimal has no -0.
Pair FromFloatDigits(const Column &column) {
	const bool exact = column.kind() == PgKind::numeric;
	const std::string source = exact ? "IF(" + column.x + "=0,0E0," + column.x + ")" : column.x;
	const std::string text = postgres::AsText(column.c);
	const std::string number = text + "::pg_catalog." + (column.source.kind == MySqlKind::float_ ? "float4" : "float8");
	const std::string bits = postgres::IeeeBits(number);
	// a text is as the server writes the number
	Pair pair = Digest(mysql::Plain(column.x, mysql::IeeeBits(source)),
					   postgres::Plain(column.c, exact ? bits
													   : "CASE WHEN " + postgres::AsText(number) + "=" + text +
															 " THEN " + bits + " END"));
	pair.mysql.excerpt = mysql::Excerpt(column.ReadableSource(column.x));
	pair.postgres.excerpt = postgres::Excerpt(column.Stored());
	return pair;
}

Pair FromFloat(const Column &column) {
	if (IsFloat(column.kind()))
		return column.Plain(mysql::IeeeBits(column.x), postgres::IeeeBits(column.c));
	if (column.kind() == PgKind::int2 || column.kind() == PgKind::int4 || column.kind() == PgKind::int8)
		return column.Plain(mysql::IntegralFloat(column.x), column.Stored());
	if (column.source.HasDeclaredDigits())
		return FromDeclaredDigits(column);
	return column.kind() == PgKind::numeric || IsTextKind(column.kind()) ? FromFloatDigits(column)
																		 : Reread(kNoRendering);
}

Pair FromDate(const Column &column) {
	if (column.kind() == PgKind::date)
		return column.Epoch(mysql::DateEpoch(column.x), postgres::DateEpoch(column.c));
	if (column.kind() == PgKind::timestamp)
		return column.Epoch(mysql::DateTimeEpoch(column.x), postgres::TimestampEpoch(column.c));
	const std::string text = mysql::AsChar(column.x);
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

Pair FromWallTime(const Column &column) {
	if (column.source.kind != MySqlKind::timestamp)
		return column.Epoch(mysql::WallTimeForZone(column.x, *column.zone, column.clock_change),
							postgres::InstantInZone(column.c, *column.zone, column.clock_change));
	if (column.zero_is_date)
		return Reread(kRuledDate);
	return column.Epoch(mysql::InstantForZone(column.x, *column.zone),
						postgres::WallTimeInZone(column.c, *column.zone));
}

// What the source writes of an instant, in UTC.
std::string InstantInUtc(const Column &column) {
	return "CONCAT(" + mysql::InstantText(column.x, column.source) + ",'+00')";
}

// DATETIME and TIMESTAMP.
Pair FromDateTime(const Column &column) {
	const bool instant = column.source.kind == MySqlKind::timestamp;
	const std::string epoch = instant ? mysql::InstantEpoch(column.x) : mysql::DateTimeEpoch(column.x);
	if (column.kind() == PgKind::timestamp || (instant && column.kind() == PgKind::timestamptz))
		return column.Epoch(epoch, postgres::TimestampEpoch(column.c));
	if (column.kind() == PgKind::date)
		return column.Epoch(epoch, postgres::TimestampEpoch(column.c + "::pg_catalog.timestamp"));
	const std::string text = instant ? InstantInUtc(column) : mysql::AsChar(column.x);
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

Pair FromTime(const Column &column) {
	if (column.kind() == PgKind::interval || column.kind() == PgKind::time)
		return column.Plain(mysql::Seconds(column.x), postgres::Seconds(column.c));
	const std::string text = mysql::AsChar(column.x);
	return IsTextKind(column.kind()) ? column.PlainAsText(text) : Recheck(column.PlainAsText(text), kNormalised);
}

// Text in a target that keeps it as it is. Only TEXT can be so long that the row's text would outgrow what the servers
// allow.
Pair SameText(const Column &column, const std::string &text) {
	if (column.source.kind == MySqlKind::text || column.source.kind == MySqlKind::blob ||
		column.source.kind == MySqlKind::json)
		return Digest(mysql::Long(column.x, text), postgres::Long(column.c, column.Stored()));
	return Digest(mysql::Text(column.x, text), postgres::Text(column.c, column.Stored()));
}

Pair FromText(const Column &column) {
	const std::string text = mysql::Characters(column.x, column.source);
	switch (column.kind()) {
	case PgKind::text:
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::name:
	case PgKind::enum_:
	case PgKind::json: return SameText(column, text);
	case PgKind::bytea: return Digest(mysql::Bytes(text), postgres::Bytes(column.c));
	case PgKind::uuid: return column.Plain(mysql::UuidFromText(text), column.Stored());
	case PgKind::boolean:
	case PgKind::float4:
	case PgKind::float8:
	case PgKind::jsonb:
	case PgKind::date:
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz:
	case PgKind::interval:
	case PgKind::text_array:
	case PgKind::inet: return Reread(kNoRendering);
	default: // numbers, bit strings, types of extensions: mostly written as they were read
		return Recheck(SameText(column, text), kNormalised);
	}
}

Pair FromBinary(const Column &column) {
	if (column.kind() == PgKind::bytea)
		return Digest(mysql::Bytes(column.x), postgres::Bytes(column.c));
	if (column.kind() == PgKind::uuid)
		return column.Plain(mysql::UuidFromBytes(column.x), column.Stored());
	if (IsTextKind(column.kind()) || column.kind() == PgKind::json)
		return SameText(column, mysql::Characters(column.x, column.source)); // NULL for what is not UTF-8
	return Reread(kNoRendering);
}

// In the server's own format, which is made of what PostGIS writes.
Pair FromShape(const Column &column) {
	if (column.kind() == PgKind::bytea)
		return Digest(mysql::Bytes(column.x), postgres::Bytes(column.c));
	const bool rendered = column.target.shape != ShapeType::none && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	return rendered ? Digest(mysql::Bytes(column.x), postgres::Shape(column.c)) : Reread(kNoRendering);
}

// VECTOR, in the server's own format.
Pair FromOpaque(const Column &column) {
	if (column.kind() != PgKind::bytea)
		return Reread(kNoRendering);
	Pair pair = Digest(mysql::Bytes(column.x), postgres::Bytes(column.c));
	pair.mysql.excerpt = mysql::Excerpt("LOWER(HEX(" + column.x + "))"); // few functions take one, and it is never long
	return pair;
}

Pair FromEnum(const Column &column) {
	const Pair text = SameText(column, mysql::Characters(column.x, column.source));
	return column.kind() == PgKind::enum_ || IsTextKind(column.kind()) ? text : Recheck(text, kNormalised);
}

Pair FromSet(const Column &column) {
	const std::string text = mysql::Characters(column.x, column.source);
	if (IsArray(column.target)) {
		Pair pair = Digest(mysql::Text(column.x, mysql::SetMembers(text)),
						   postgres::Text(column.c, postgres::SetMembers(column.c)));
		pair.mysql.excerpt = mysql::Excerpt(text);
		pair.postgres.excerpt = postgres::Excerpt(column.Stored());
		return pair;
	}
	return IsTextKind(column.kind()) ? SameText(column, text) : Recheck(SameText(column, text), kNormalised);
}

Pair FromJson(const Column &column) {
	// MySQL's JSON becomes text by the cast only; MariaDB's is text
	const std::string text = column.mariadb ? mysql::Characters(column.x, column.source) : mysql::AsChar(column.x);
	Pair pair = Digest(mysql::Hashed(column.x, text), postgres::Hashed(column.c, column.Stored()));
	if (column.kind() == PgKind::json || IsTextKind(column.kind()))
		return pair;
	if (column.kind() == PgKind::jsonb)
		return column.mariadb ? Reread(kFreeJson) : Recheck(pair, kJsonNumbers);
	return Reread(kNoRendering);
}

Pair FromUuid(const Column &column) {
	const Pair pair = column.PlainAsText(mysql::AsChar(column.x));
	return column.kind() == PgKind::uuid || IsTextKind(column.kind()) ? pair : Recheck(pair, kNormalised);
}

Pair FromInet(const Column &column) {
	if (column.kind() == PgKind::inet)
		return column.Plain(column.source.kind == MySqlKind::inet4 ? mysql::Inet4(column.x) : mysql::Inet6(column.x),
							postgres::Inet(column.c));
	const Pair pair = column.PlainAsText(mysql::AsChar(column.x));
	return IsTextKind(column.kind()) ? pair : Recheck(pair, kNormalised);
}

Pair FromTransform(const Column &column, const Transform &transform) {
	const bool base64 = transform.name == TransformName::code_points_to_base64;
	const std::string text = mysql::Characters(column.x, column.source);
	Rendering source = mysql::Hashed(column.x, text);
	source.value = mysql::Sha256(text);
	return Digest(std::move(source), base64 ? postgres::CodePointsFromBase64(column.c, column.Stored())
											: postgres::CodePointsFromBytes(column.c));
}

// What the source writes, for the target's input function. Floating-point numbers are written with fewer digits than
// they have, shapes and
// opaque bytes have no text, dates of rules are in no zone.
std::string TextForInput(const Column &column) {
	if (column.zone != nullptr)
		return "";
	const auto or_infinity = [&](const std::string &text) {
		return column.zero_is_infinite ? "IF(" + IsZeroDate(column.x) + ",'-infinity'," + text + ")" : text;
	};
	switch (column.source.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return mysql::Integer(column.x, column.source);
	case MySqlKind::bit: return mysql::Bits(column.x, column.source);
	case MySqlKind::date:
	case MySqlKind::datetime: return or_infinity(mysql::AsChar(column.x));
	case MySqlKind::timestamp: return or_infinity(InstantInUtc(column));
	case MySqlKind::json: return column.mariadb ? mysql::Characters(column.x, column.source) : mysql::AsChar(column.x);
	case MySqlKind::set:
		if (IsArray(column.target))
			break;
		return mysql::Characters(column.x, column.source);
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text:
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob:
	case MySqlKind::enum_: return mysql::Characters(column.x, column.source);
	case MySqlKind::year:
	case MySqlKind::decimal:
	case MySqlKind::time:
	case MySqlKind::uuid:
	case MySqlKind::inet4:
	case MySqlKind::inet6: return mysql::AsChar(column.x);
	case MySqlKind::float_:
	case MySqlKind::double_:
	case MySqlKind::geometry:
	case MySqlKind::vector:
	case MySqlKind::unknown: break;
	}
	return "";
}

// What a rule's expression gets as `value`: bytes in bytea's hex format.
std::string TextForExpression(const Column &column) {
	switch (column.source.kind) {
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return "CONCAT(X'5C78',LOWER(HEX(" + column.x + ")))";
	default: return TextForInput(column);
	}
}

// Whether the source's SQL says all that the rules before the expression do.
bool IsRuledBySql(const Column &column, const std::vector<Transform> &transforms) {
	return !column.zero_is_infinite && std::none_of(transforms.begin(), transforms.end(), [](const Transform &t) {
		return t.name == TransformName::inflate || t.name == TransformName::wall_time ||
			   t.name == TransformName::code_points_to_base64 || t.name == TransformName::code_points_to_bytea;
	});
}

Pair FromExpression(const Column &column, const std::vector<Transform> &transforms) {
	Pair pair = Reread(kExpression);
	if (IsRuledBySql(column, transforms))
		pair.text_for_input = TextForExpression(column);
	return pair;
}

Pair Decided(const Column &column) {
	switch (column.source.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return FromInteger(column);
	case MySqlKind::year: return FromYear(column);
	case MySqlKind::bit: return FromBit(column);
	case MySqlKind::decimal: return FromDecimal(column);
	case MySqlKind::float_:
	case MySqlKind::double_: return FromFloat(column);
	case MySqlKind::date: return FromDate(column);
	case MySqlKind::datetime:
	case MySqlKind::timestamp: return FromDateTime(column);
	case MySqlKind::time: return FromTime(column);
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text: return FromText(column);
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return FromBinary(column);
	case MySqlKind::geometry: return FromShape(column);
	case MySqlKind::vector: return FromOpaque(column);
	case MySqlKind::enum_: return FromEnum(column);
	case MySqlKind::set: return FromSet(column);
	case MySqlKind::json: return FromJson(column);
	case MySqlKind::uuid: return FromUuid(column);
	case MySqlKind::inet4:
	case MySqlKind::inet6: return FromInet(column);
	case MySqlKind::unknown: break;
	}
	return Reread(kNoRendering);
}

} // namespace

Pair RenderPair(const ColumnPlan &plan, const std::string &postgres_column, bool mariadb) {
	const bool inflates = Inflates(plan.policy);
	const SourceType source = inflates ? InflatedType(plan.target_type) : plan.source_type;
	Column column{source, plan.target_type, mysql::Identifier(plan.source_name), postgres_column, mariadb, false};
	if (plan.policy
			.empty_to_null) // by length: some collations hold '' equal to blanks and to characters without weight
		column.x = "IF(LENGTH(" + column.x + ")=0,NULL," + column.x + ")";
	const std::vector<Transform> &transforms = plan.policy.transforms;
	if (plan.policy.expression.empty() && !transforms.empty() &&
		(transforms.back().name == TransformName::code_points_to_base64 ||
		 transforms.back().name == TransformName::code_points_to_bytea))
		return FromTransform(column, transforms.back());
	column.zero_is_infinite =
		std::any_of(transforms.begin(), transforms.end(), [](const Transform &t) { return t.Is("-infinity"); });
	column.zero_is_date = std::any_of(transforms.begin(), transforms.end(), [](const Transform &t) {
		return t.name == TransformName::zero_date && !t.Is("-infinity") && !t.Is("null");
	});
	if (!plan.policy.expression.empty())
		return FromExpression(column, transforms);
	column.zone = plan.policy.zone.get();
	column.clock_change = plan.policy.clock_change;
	if (column.zone != nullptr)
		return FromWallTime(column);

	Pair pair = Decided(column);
	if (inflates && !pair.reread) {
		pair = Recheck(pair, kOtherFormat);
		pair.doubt = column.x + "=" + NotInflated();
	}
	if (inflates)
		return pair;
	if (pair.reread || pair.recheck)
		pair.text_for_input = TextForInput(column);
	return pair;
}

} // namespace alkconv::core::digest
