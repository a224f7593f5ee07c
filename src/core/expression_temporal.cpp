// Regime: C++ (may throw, never calls Postgres)
//
// Dates and times. Everything here is immutable in Postgres: fields come from EXTRACT, texts are put together from fields. Values
// with a zone (TIMESTAMP) are refused where MySQL shows them in the session's zone.
#include "core/expression_translator.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace alkconv::core::expression {

namespace {

struct Unit {
	std::string_view name;
	const char *argument; // of make_interval()
	const char *factor;
	bool of_time;
	Wide per_year; // at least so many are a year
};

constexpr std::array kUnits{
	Unit{"microsecond", "secs", " / 1000000.0::double precision", true, Wide{31536000} * 1000000},
	Unit{"second", "secs", "", true, 31536000},
	Unit{"minute", "secs", " * 60.0::double precision", true, 525600},
	Unit{"hour", "secs", " * 3600.0::double precision", true, 8760},
	Unit{"day", "days", "", false, 365},
	Unit{"week", "weeks", "", false, 52},
	Unit{"month", "months", "", false, 12},
	Unit{"quarter", "months", " * 3", false, 4},
	Unit{"year", "years", "", false, 1},
};

const Unit &UnitOf(const std::string &name) {
	const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit &unit) { return unit.name == name; });
	if (found == kUnits.end())
		throw Refusal{"INTERVAL in " + name};
	return *found;
}

std::string MakeInterval(const Unit &unit, const Value &amount) {
	// Postgres' dates begin 4713 years before the first that MySQL has; beyond, it raises an error where MySQL gives NULL
	constexpr Wide kYears = 4700;
	if (amount.low < -kYears * unit.per_year || amount.high > kYears * unit.per_year)
		throw Refusal{"INTERVAL with a number of " + std::string(unit.name) + "s that may exceed 4700 years"};
	const bool seconds = std::string_view(unit.argument) == "secs";
	return "pg_catalog.make_interval(" + std::string(unit.argument) + " => " + amount.sql +
		   (seconds ? "::double precision" : "::integer") + unit.factor + ")";
}

// Of a date or a datetime; a TIMESTAMP would depend on the session's zone.
Value Moment(const Value &v) { return ToDateTime(v); }

Value Field(const CallOf &call, const char *field, Wide low, Wide high, const char *more = "") {
	call.Expect(1, 1);
	return MakeInteger("(" + FieldNumber(field, Moment(call[0]).sql) + more + ")", low, high);
}

// MySQL's times have a sign, their fields have not.
Value ClockField(const CallOf &call, const char *field, Wide high) {
	call.Expect(1, 1);
	if (call[0].form == Form::time)
		return MakeInteger("pg_catalog.abs(" + FieldNumber(field, call[0].sql) + ")", 0, 838);
	return Field(call, field, 0, high);
}

Value Microsecond(const CallOf &call) {
	call.Expect(1, 1);
	const Value v = call[0].form == Form::time ? call[0] : Moment(call[0]);
	return MakeInteger("(pg_catalog.abs(EXTRACT(microseconds FROM " + v.sql + ")::integer) % 1000000)", 0, 999999);
}

Value DateDiff(const CallOf &call) {
	call.Expect(2, 2);
	return MakeInteger("(" + Moment(call[0]).sql + "::pg_catalog.date - " + Moment(call[1]).sql + "::pg_catalog.date)",
					   -3660000, 3660000);
}

Value TimestampDiff(const CallOf &call) {
	call.Expect(2, 2);
	struct Length {
		const char *unit, *sql;
	};
	constexpr Length kLengths[] = {{"microsecond", " * 1000000"}, {"second", ""},	   {"minute", " / 60"},
								   {"hour", " / 3600"},			  {"day", " / 86400"}, {"week", " / 604800"}};
	if (call[0].form == Form::instant || call[1].form == Form::instant)
		throw Refusal{"timestampdiff() of a timestamp"};
	for (const Length &length : kLengths)
		if (call.keyword == length.unit)
			return MakeBigint("pg_catalog.trunc(EXTRACT(epoch FROM (" + Moment(call[1]).sql + " - " +
								  Moment(call[0]).sql + "))" + length.sql + ")::bigint",
							  kMinSigned, kMaxSigned);
	throw Refusal{"timestampdiff() in " + call.keyword};
}

Value LastDay(const CallOf &call) {
	call.Expect(1, 1);
	return Make(Form::date, "(pg_catalog.date_trunc('month', " + Moment(call[0]).sql +
								") + '1 month -1 day'::interval)::pg_catalog.date");
}

Value UnixTimestamp(const CallOf &call) {
	call.Expect(1, 1);
	const Value &v = call[0];
	if (v.form != Form::instant)
		throw Refusal{"unix_timestamp() of what has no zone"};
	// of a timestamp with time zone it is not immutable
	const std::string epoch = "EXTRACT(epoch FROM " + v.sql + " AT TIME ZONE 'UTC')";
	if (v.fsp == 0)
		return MakeBigint(epoch + "::bigint", 0, kMaxSigned);
	return MakeDecimal("pg_catalog.round(" + epoch + ", " + std::to_string(v.fsp) + ")", 12, v.fsp);
}

// What a letter of DATE_FORMAT stands for, where it does not depend on a language.
std::string FormatPart(char letter, const std::string &sql) {
	switch (letter) {
	case 'Y': return FieldText("year", sql, 4);
	case 'y': return "pg_catalog.right(" + FieldText("year", sql, 4) + ", 2)";
	case 'm': return FieldText("month", sql, 2);
	case 'c': return FieldNumber("month", sql) + "::pg_catalog.text";
	case 'd': return FieldText("day", sql, 2);
	case 'e': return FieldNumber("day", sql) + "::pg_catalog.text";
	case 'H': return FieldText("hour", sql, 2);
	case 'k': return FieldNumber("hour", sql) + "::pg_catalog.text";
	case 'i': return FieldText("minute", sql, 2);
	case 's':
	case 'S': return FieldText("second", sql, 2);
	case 'T':
		return FieldText("hour", sql, 2) + " || ':' || " + FieldText("minute", sql, 2) + " || ':' || " +
			   FieldText("second", sql, 2);
	case 'j': return FieldText("doy", sql, 3);
	case '%': return "'%'";
	default: throw Refusal{std::string("date_format() with %") + letter};
	}
}

Value DateFormat(const CallOf &call) {
	call.Expect(2, 2);
	const std::optional<std::string> &literal = call[1].literal;
	if (!literal || call[1].form != Form::text)
		throw Refusal{"date_format() with a format that is no literal"};
	const std::string moment = Moment(call[0]).sql, &format = *literal;
	std::string sql, plain;
	const auto add = [&](const std::string &part) { sql += (sql.empty() ? "" : " || ") + part; };
	for (size_t i = 0; i < format.size(); ++i) {
		if (format[i] != '%') {
			plain += format[i];
			continue;
		}
		if (++i == format.size())
			throw Refusal{"date_format() with % at the end"};
		if (!plain.empty())
			add(SqlLiteral(plain));
		plain.clear();
		add(FormatPart(format[i], moment));
	}
	if (!plain.empty() || sql.empty())
		add(SqlLiteral(plain));
	Value text = MakeText("(CASE WHEN " + moment + " IS NOT NULL THEN " + sql + " END)");
	text.ascii = call[1].ascii;
	text.collation = Collation::insensitive; // the connection's
	return text;
}

Value Extract(const CallOf &call) {
	call.Expect(1, 1);
	if (call.keyword == "year_month") {
		const std::string moment = Moment(call[0]).sql;
		return MakeInteger("(" + FieldNumber("year", moment) + " * 100 + " + FieldNumber("month", moment) + ")", 0,
						   999912);
	}
	if (call[0].form == Form::time && call.mariadb)
		throw Refusal{"extract() of a time"}; // modulo a day
	if (call[0].form == Form::time && (call.keyword == "hour" || call.keyword == "minute" || call.keyword == "second"))
		return MakeInteger(FieldNumber(call.keyword.c_str(), call[0].sql), -838,
						   838); // with its sign, other than HOUR()
	const std::string no_keyword;
	Value result;
	if (call.keyword == "week" || !CallTemporal({call.keyword, no_keyword, call.arguments, call.mariadb}, result))
		throw Refusal{"extract() of " + call.keyword};
	return result;
}

} // namespace

Value Translator::DateArithmetic(const Node &node) const {
	if (node.text != "+" && node.text != "-")
		throw Refusal{"INTERVAL without a date"};
	const Value date = Translate(*node.children[0]);
	const Node &interval = *node.children[1];
	const Unit &unit = UnitOf(interval.text);
	if (date.form != Form::date && date.form != Form::datetime)
		throw Refusal{std::string(FormName(date.form)) + " plus or minus an INTERVAL"};
	const Value amount = ToNumber(Translate(*interval.children[0]));
	if (amount.form != Form::integer)
		throw Refusal{"INTERVAL with a number that is no integer"};
	Value result = Make(unit.of_time ? Form::datetime : date.form, "");
	result.clock = date.form == Form::datetime && date.clock;
	result.fsp = unit.name == "microsecond" ? 6 : date.fsp;
	const std::string sum = "(" + date.sql + " " + node.text + " " + MakeInterval(unit, amount) + ")";
	// beyond the years that MySQL has it gives NULL
	result.sql = "(CASE WHEN " + sum +
				 " BETWEEN '0001-01-01'::timestamp AND '9999-12-31 23:59:59.999999'::timestamp THEN " + sum +
				 (result.form == Form::date ? "::pg_catalog.date" : "") + " END)";
	return From({&date, &amount}, result);
}

bool CallTemporal(const CallOf &call, Value &result) {
	const std::string &name = call.name;
	if (name == "year")
		result = Field(call, "year", 0, 9999);
	else if (name == "quarter")
		result = Field(call, "quarter", 0, 4);
	else if (name == "month")
		result = Field(call, "month", 0, 12);
	else if (name == "day" || name == "dayofmonth")
		result = Field(call, "day", 0, 31);
	else if (name == "dayofyear")
		result = Field(call, "doy", 1, 366);
	else if (name == "dayofweek")
		result = Field(call, "dow", 1, 7, " + 1");
	else if (name == "weekday")
		result = Field(call, "isodow", 0, 6, " - 1");
	else if (name == "weekofyear")
		result = Field(call, "week", 1, 53);
	else if (name == "week" && call.arguments.size() == 2 && call.Constant(1) == 3) {
		call.arguments.pop_back();
		result = Field(call, "week", 1, 53);
	} else if (name == "hour")
		result = ClockField(call, "hour", 23);
	else if (name == "minute")
		result = ClockField(call, "minute", 59);
	else if (name == "second")
		result = ClockField(call, "second", 59);
	else if (name == "microsecond")
		result = Microsecond(call);
	else if (name == "date") {
		call.Expect(1, 1);
		result = ToDate(call[0]);
	} else if (name == "datediff")
		result = DateDiff(call);
	else if (name == "timestampdiff")
		result = TimestampDiff(call);
	else if (name == "to_days")
		result = Make(Form::null, "");
	else if (name == "last_day")
		result = LastDay(call);
	else if (name == "unix_timestamp" && !call.arguments.empty())
		result = UnixTimestamp(call);
	else if (name == "date_format")
		result = DateFormat(call);
	else if (name == "extract")
		result = Extract(call);
	else
		return false;
	if (name == "to_days") {
		call.Expect(1, 1);
		result = MakeInteger("(" + Moment(call[0]).sql + "::pg_catalog.date - '0001-01-01'::pg_catalog.date + 366)", 1,
							 3652424);
	}
	return true;
}

namespace {

// Of one unit in the last of so many digits.
constexpr const char *kStrides[] = {"1 second",		 "0.1 seconds",	   "0.01 seconds",
									"0.001 seconds", "0.0001 seconds", "0.00001 seconds"};

// MySQL cuts the digits off that were not asked for; CURRENT_TIMESTAMP(n) would round.
std::string Truncated(const std::string &moment, const char *type, unsigned fsp) {
	if (fsp >= 6)
		return moment;
	if (fsp == 0)
		return "pg_catalog.date_trunc('second', " + moment + ")";
	return std::string("pg_catalog.date_bin('") + kStrides[fsp] + "'::interval, " + moment + ", '2000-01-01'::" + type +
		   ")";
}

unsigned ClockDigits(const CallOf &call) {
	call.Expect(0, 1);
	const Wide fsp = call.arguments.empty() ? 0 : call.Constant(0);
	if (fsp < 0 || fsp > 6)
		throw Refusal{call.name + "() with more than 6 digits"};
	return static_cast<unsigned>(fsp);
}

} // namespace

Value Rounded(const Value &v, unsigned fsp, bool mariadb) {
	if (v.fsp <= fsp)
		return v;
	if (mariadb)
		throw Refusal{"sql_mode decides whether a datetime is rounded or cut off"};
	const std::string digits = fsp == 0 ? "." : "." + std::string(fsp, '9'), zeros(fsp, '0');
	// A cast to timestamp(n) rounds halves away from the year 2000. Beyond the years that MySQL has, nothing is left.
	Value result =
		Make(Form::datetime, "(CASE WHEN " + v.sql + " < '9999-12-31 23:59:59" + digits +
								 "5'::timestamp THEN pg_catalog.date_bin('" + kStrides[fsp] + "'::interval, " + v.sql +
								 " + '0." + zeros + "5 seconds'::interval, '0001-01-01'::timestamp) END)");
	result.fsp = fsp;
	result.clock = v.clock;
	return From({&v}, result);
}

bool CallClock(const CallOf &call, Value &result) {
	const std::string &name = call.name;
	if (name == "now" || name == "current_timestamp" || name == "localtime" || name == "localtimestamp") {
		const unsigned fsp = ClockDigits(call);
		result = Make(Form::datetime, Truncated("LOCALTIMESTAMP", "timestamp", fsp));
		result.fsp = fsp;
		result.clock = true;
	} else if (name == "utc_timestamp") {
		const unsigned fsp = ClockDigits(call);
		result = Make(Form::datetime, Truncated("(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')", "timestamp", fsp));
		result.fsp = fsp;
	} else if (name == "curdate" || name == "current_date") {
		call.Expect(0, 0);
		result = Make(Form::date, "CURRENT_DATE");
	} else if (name == "utc_date") {
		call.Expect(0, 0);
		result = Make(Form::date, "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::pg_catalog.date");
	} else if (name == "curtime" || name == "current_time") {
		const unsigned fsp = ClockDigits(call);
		result = Make(Form::time, "(" + Truncated("LOCALTIMESTAMP", "timestamp", fsp) +
									  " - pg_catalog.date_trunc('day', LOCALTIMESTAMP))");
		result.fsp = fsp;
	} else if (name == "uuid") {
		call.Expect(0, 0);
		result = Make(Form::uuid, "pg_catalog.gen_random_uuid()");
		result.volatility = Volatility::volatile_;
		return true;
	} else if (name == "uuid_to_bin") {
		// of a random uuid, the order of the bytes means nothing
		call.Expect(1, 2);
		if (call[0].form != Form::uuid)
			throw Refusal{"uuid_to_bin() of what is not uuid()"};
		result = call[0];
		result.uuid_bytes = true;
		return true;
	} else if (name == "rand") {
		call.Expect(0, 0);
		result = Make(Form::floating, "pg_catalog.random()");
		result.volatility = Volatility::volatile_;
		return true;
	} else
		return false;
	result.volatility = Volatility::stable;
	return true;
}

} // namespace alkconv::core::expression
