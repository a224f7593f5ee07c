// Regime: C++ (may throw, never calls Postgres)
//
// One function for each family of types.
#include "core/sample_values.hpp"

#include "core/decimal.hpp"
#include "core/expression_translator.hpp"
#include "core/temporal.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>

namespace alkconv::core {

namespace {

using namespace expression;

constexpr size_t kLongestSample = 300; // characters

// Adds what is new, as long as there is room.
class List {
public:
	void Add(Sample sample) {
		if (values.size() < kMostSamples && std::find(values.begin(), values.end(), sample) == values.end())
			values.push_back(std::move(sample));
	}

	std::vector<Sample> values{std::nullopt};
};

bool IsAscii(const std::string &text) noexcept {
	return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// ---- numbers ----

// The number in units of its last of so many digits after the point, cut off there; nothing for what is too large.
std::optional<Wide> Scaled(const std::string &number, unsigned scale) {
	if (number.size() > 30 || number.find_first_not_of("0123456789.") != std::string::npos)
		return std::nullopt;
	const size_t point = std::min(number.find('.'), number.size());
	std::string digits = number.substr(0, point);
	std::string fraction = point < number.size() ? number.substr(point + 1) : "";
	fraction.resize(scale, '0');
	digits += fraction;
	Wide value = 0;
	for (const char c : digits)
		value = value * 10 + (c - '0');
	return digits.size() > 36 ? std::nullopt : std::optional(value);
}

std::string Unscaled(Wide value, unsigned scale) {
	std::string text = IntegerText(value < 0 ? -value : value);
	if (scale > 0) {
		if (text.size() <= scale)
			text.insert(0, scale + 1 - text.size(), '0');
		text.insert(text.size() - scale, ".");
	}
	return value < 0 ? "-" + text : text;
}

// What a type holds, in units of its last digit.
struct Limits {
	Wide low, high;
	unsigned scale = 0;
};

void AddNumbers(List &list, const Limits &limits, const Landmarks &landmarks) {
	Wide one = 1;
	for (unsigned i = 0; i < limits.scale; ++i)
		one *= 10;
	const auto add = [&](Wide value) {
		if (value >= limits.low && value <= limits.high)
			list.Add(Unscaled(value, limits.scale));
	};
	for (const Wide value : {one, Wide{0}, -one, limits.low, limits.high})
		add(value);
	for (const std::string &number : landmarks.numbers)
		if (const std::optional<Wide> value = Scaled(number, limits.scale))
			for (const Wide near : {*value, *value - 1, *value + 1, -*value, -*value - 1})
				add(near);
	for (const Wide value : {2 * one, one / 2, -one / 2, one + one / 2, Wide{1}, Wide{5}, Wide{255}})
		add(value);
}

Limits IntegerLimits(const ExpressionColumn &column) {
	const expression::Value value = ColumnValue(column);
	if (value.form == Form::boolean)
		return {0, 1};
	Limits limits{value.low, value.high};
	const std::string &target = column.target_type;
	if (value.form != Form::integer)
		return {0, 1};
	const auto narrow = [&](Wide high) { // a type that rows have chosen
		limits = {std::max(limits.low, -high - 1), std::min(limits.high, high)};
	};
	if (target == "smallint")
		narrow(32767);
	else if (target == "integer")
		narrow(2147483647);
	else if (target == "bigint")
		narrow(kMaxSigned);
	return limits;
}

Limits DecimalLimits(const SourceType &type) {
	constexpr unsigned kMostDigits = 36;
	Wide high = 1;
	for (unsigned i = 0; i < std::min(type.precision, kMostDigits); ++i)
		high *= 10;
	return {type.is_unsigned ? 0 : -(high - 1), high - 1, type.scale};
}

void AddDoubles(List &list, const Landmarks &landmarks) {
	for (const char *value : {"1", "0", "-1", "0.5", "-0.5", "1.5", "0.1", "1000000", "-2.25"})
		list.Add(value);
	for (const std::string &number : landmarks.numbers)
		if (number.size() < 16)
			for (const double near : {0.0, -1.0, 1.0}) {
				char text[40];
				std::snprintf(text, sizeof text, "%.15g", std::strtod(number.c_str(), nullptr) + near);
				list.Add(text);
			}
}

// ---- dates and times ----

// So many seconds later.
std::string Moved(const Temporal &t, int64_t seconds, bool with_time) {
	constexpr int64_t kDaysTo2000 = 10957;
	const std::time_t moment = (DaysSince2000(t.year, t.month, t.day) + kDaysTo2000) * 86400 + int64_t{t.hour} * 3600 +
							   int64_t{t.minute} * 60 + t.second + seconds;
	std::tm parts{};
	gmtime_r(&moment, &parts);
	char text[40];
	std::strftime(text, sizeof text, with_time ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d", &parts);
	return text;
}

void AddMoments(List &list, const SourceType &type, const Landmarks &landmarks) {
	const bool date = type.kind == MySqlKind::date, instant = type.kind == MySqlKind::timestamp;
	const char *const low = instant ? "1970-01-02 00:00:01" : "1000-01-01 00:00:00";
	const char *const high = instant ? "2038-01-19 03:14:07" : "9999-12-31 23:59:59";
	const auto add = [&](const std::string &moment, const std::string &fraction) {
		if (moment.size() <= 19 && moment[4] == '-' && moment >= std::string(low, moment.size()) &&
			moment <= std::string(high, moment.size()))
			list.Add(date ? moment.substr(0, 10) : moment + fraction);
	};
	const std::string no_fraction = type.fsp == 0 ? "" : "." + std::string(type.fsp, '0'),
					  fraction = type.fsp == 0 ? "" : "." + std::string(type.fsp, '9');
	add("2000-02-29 12:34:56", no_fraction);
	for (const std::string &text : landmarks.texts) {
		TemporalText parsed{};
		if (ParseTemporalText(text, parsed) == Code::ok && parsed.has_date && CheckDate(parsed.value) == Code::ok)
			for (const int64_t seconds : {0, -1, 1, -86400, 86400})
				if (!date || seconds % 86400 == 0)
					add(Moved(parsed.value, seconds, !date), no_fraction);
	}
	for (const char *moment : {low, high, "2019-12-31 23:59:59", "2020-01-31 00:00:00", "2021-03-01 00:00:00",
							   "2024-12-30 23:00:00", "1999-12-31 23:59:58"})
		add(date ? std::string(moment, 10) : moment, no_fraction);
	add("2020-06-15 23:59:59", fraction);
}

void AddTimes(List &list, const ExpressionColumn &column, const Landmarks &landmarks) {
	const bool of_day = column.target_type.compare(0, 4, "time") == 0;
	for (const char *time : {"12:34:56", "00:00:00", "23:59:59", "00:00:01"})
		list.Add(time);
	for (const std::string &text : landmarks.texts) {
		TemporalText parsed{};
		if (ParseTemporalText(text, parsed) == Code::ok && !parsed.has_date && (!of_day || text[0] != '-'))
			list.Add(text);
	}
	if (!of_day)
		for (const char *time : {"-01:02:03", "838:59:59", "-838:59:59", "-00:00:01"})
			list.Add(time);
}

// ---- texts and bytes ----

std::string InCase(std::string text, bool upper) {
	for (char &c : text)
		if (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z')
			c = static_cast<char>(c ^ 0x20);
	return text;
}

std::string WithoutWildcards(std::string text, const char *any) {
	for (size_t at = 0; (at = text.find('%', at)) != std::string::npos; at += std::string(any).size())
		text.replace(at, 1, any);
	std::replace(text.begin(), text.end(), '_', 'q');
	return text;
}

void AddTexts(List &list, const SourceType &type, const Landmarks &landmarks) {
	const bool utf8 = type.charset.rfind("utf8", 0) == 0;
	const auto add = [&](std::string text) {
		if (type.kind == MySqlKind::char_)
			text.erase(text.find_last_not_of(' ') + 1);
		const size_t characters = static_cast<size_t>(std::count_if(
			text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
		if (characters <= std::min<uint64_t>(type.length, kLongestSample) && (utf8 || IsAscii(text)) &&
			ScanText(text).code == Code::ok)
			list.Add(text);
	};
	add("a");
	add("");
	for (const std::string &text : landmarks.texts) {
		for (const std::string &near : {text, text + " ", InCase(text, true), InCase(text, false), text + "x",
										text.substr(0, text.empty() ? 0 : text.size() - 1)})
			add(near);
		if (text.find_first_of("%_") != std::string::npos)
			for (const char *any : {"", "z"})
				add(WithoutWildcards(text, any));
	}
	for (const char *text : {" ", "A", "a ", "ab", "\xC3\xA9", "0", " b", "Ab\\c"})
		add(text);
	for (const std::string &number : landmarks.numbers) {
		const size_t length = number.size() < 4 ? std::strtoul(number.c_str(), nullptr, 10) : kLongestSample;
		for (const size_t near : {length, length + 1, length == 0 ? 0 : length - 1})
			add(std::string(std::min(near, kLongestSample), 'x'));
	}
}

void AddBytes(List &list, const SourceType &type, const Landmarks &landmarks) {
	const auto add = [&](std::string bytes) {
		if (bytes.size() > type.length)
			return;
		if (type.kind == MySqlKind::binary)
			bytes.resize(std::min<uint64_t>(type.length, kLongestSample), '\0');
		list.Add(bytes);
	};
	add("a");
	add("");
	for (const std::string &text : landmarks.texts)
		for (const std::string &near : {text, text + " ", text + "x"})
			add(near);
	for (const std::string &bytes :
		 {std::string(1, '\0'), std::string("\xFF\x00\x5C", 3), std::string("A"), std::string("a ")})
		add(bytes);
}

// ---- JSON ----

// A document in which a path of keys and positions leads to the value; nothing for other paths.
std::string DocumentOf(std::string_view path, const std::string &value) {
	if (path.empty())
		return value;
	if (path[0] == '[') {
		const size_t end = path.find(']');
		const size_t position = std::strtoul(std::string(path.substr(1, 6)).c_str(), nullptr, 10);
		if (end == std::string_view::npos || position > 20)
			return "";
		const std::string inner = DocumentOf(path.substr(end + 1), value);
		std::string before;
		for (size_t i = 0; i < position; ++i)
			before += std::to_string(i) + ", ";
		return inner.empty() ? "" : "[" + before + inner + "]";
	}
	if (path[0] != '.' || path.size() < 2)
		return "";
	const bool quoted = path[1] == '"';
	const size_t end = quoted ? path.find('"', 2) : std::min(path.find_first_of(".[", 1), path.size());
	if (end == std::string_view::npos)
		return "";
	const std::string key(path.substr(quoted ? 2 : 1, end - (quoted ? 2 : 1)));
	const std::string inner = DocumentOf(path.substr(quoted ? end + 1 : end), value);
	return inner.empty() || key.find_first_of("\"\\") != std::string::npos ? "" : "{\"" + key + "\": " + inner + "}";
}

void AddDocuments(List &list, const Landmarks &landmarks) {
	for (const char *document : {"{}", "[]", "null"})
		list.Add(document);
	for (const std::string &path : landmarks.texts)
		if (!path.empty() && path[0] == '$')
			for (const char *value :
				 {"\"a\"", "null", "5", "true", "\"\"", "{\"k\": [1]}", "\"5\"", "-1.5", "\"2020-01-02\""}) {
				const std::string document = DocumentOf(std::string_view(path).substr(1), value);
				if (!document.empty())
					list.Add(document);
			}
	for (const char *document : {"1", "\"a\"", "true", "[1, \"b\"]"})
		list.Add(document);
}

// One value of a type about which no more is asked than whether it is NULL.
const char *AnyValue(MySqlKind kind) noexcept {
	switch (kind) {
	case MySqlKind::date: return "2000-01-01";
	case MySqlKind::datetime:
	case MySqlKind::timestamp: return "2000-01-01 00:00:00";
	case MySqlKind::time: return "00:00:01";
	case MySqlKind::json: return "1";
	default: return "1";
	}
}

} // namespace

std::vector<Sample> SampleValues(const ExpressionColumn &column, const Landmarks &landmarks) {
	const SourceType &type = column.source_type;
	List list;
	if (ColumnValue(column).form == Form::opaque) {
		list.Add(AnyValue(type.kind));
		return list.values;
	}
	switch (type.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint:
	case MySqlKind::bit: AddNumbers(list, IntegerLimits(column), landmarks); break;
	case MySqlKind::year: AddNumbers(list, {1901, 2155}, landmarks); break;
	case MySqlKind::decimal: AddNumbers(list, DecimalLimits(type), landmarks); break;
	case MySqlKind::float_:
	case MySqlKind::double_: AddDoubles(list, landmarks); break;
	case MySqlKind::date:
	case MySqlKind::datetime:
	case MySqlKind::timestamp: AddMoments(list, type, landmarks); break;
	case MySqlKind::time: AddTimes(list, column, landmarks); break;
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text: AddTexts(list, type, landmarks); break;
	case MySqlKind::enum_:
		for (const std::string &label : type.labels)
			list.Add(label);
		break;
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: AddBytes(list, type, landmarks); break;
	case MySqlKind::json: AddDocuments(list, landmarks); break;
	default: list.Add(AnyValue(type.kind)); break;
	}
	return list.values;
}

std::string ExactDouble(const std::string &number, bool single) {
	double value = std::strtod(number.c_str(), nullptr);
	if (single)
		value = static_cast<double>(static_cast<float>(value));
	char text[40];
	std::snprintf(text, sizeof text, "%.17g", value);
	const std::string digits = text;
	return digits.find('e') == std::string::npos ? digits + "e0" : digits;
}

std::string BitDigits(const std::string &number, uint64_t digits) {
	const uint64_t value = std::strtoull(number.c_str(), nullptr, 10);
	std::string text;
	for (uint64_t bit = digits; bit-- > 0;)
		text += (value >> bit & 1) != 0 ? '1' : '0';
	return text;
}

} // namespace alkconv::core
