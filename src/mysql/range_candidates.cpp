// Regime: C++ (may throw, never calls Postgres)
//
// Guesses where to cut a segment of a key.
#include "mysql/range_candidates.hpp"

#include "core/digest_mysql.hpp"
#include "core/temporal.hpp"
#include "core/text.hpp"
#include "mysql/range_sql.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace alkconv::mysql {

namespace {

constexpr size_t kEnoughCharacters = 256; // of text seen, to know what keys are made of
constexpr char32_t kAnyCharacter = 0x10FFFF;

using Strings = std::vector<std::string>;

// Up to `count` numbers that divide 0 .. span into equal parts.
std::vector<uint64_t> Spaced(uint64_t span, size_t count) {
	std::vector<uint64_t> numbers;
	const uint64_t parts = count + 1, whole = span / parts, rest = span % parts;
	for (uint64_t i = 1; i < parts; ++i) {
		const uint64_t number = whole * i + rest * i / parts;
		if (number > 0 && (numbers.empty() || number > numbers.back()))
			numbers.push_back(number);
	}
	return numbers;
}

template <class Integer>
Strings Integers(const std::string &first, const std::string &last, size_t count) {
	Integer low = 0, high = 0;
	std::from_chars(first.data(), first.data() + first.size(), low);
	std::from_chars(last.data(), last.data() + last.size(), high);
	Strings candidates;
	if (low < high)
		for (const uint64_t step : Spaced(static_cast<uint64_t>(high) - static_cast<uint64_t>(low), count))
			candidates.push_back(std::to_string(static_cast<Integer>(static_cast<uint64_t>(low) + step)));
	return candidates;
}

Strings Decimals(const core::SourceType &type, const std::string &first, const std::string &last, size_t count) {
	const long double low = std::strtold(first.c_str(), nullptr), high = std::strtold(last.c_str(), nullptr);
	Strings candidates;
	char text[128]; // 65 digits at most
	for (size_t i = 1; i <= count && low < high; ++i) {
		const long double part = static_cast<long double>(i) / static_cast<long double>(count + 1);
		std::snprintf(text, sizeof(text), "%.*Lf", static_cast<int>(type.scale), low + (high - low) * part);
		candidates.emplace_back(text);
	}
	return candidates;
}

struct Moment {
	std::string text;
	int64_t days, microseconds; // since 2000-01-01
};

// The value; of a date that no calendar has, its year or the earliest that the manual allows.
Moment MomentOf(const std::string &text) {
	core::TemporalText parsed;
	if (core::ParseTemporalText(text, parsed) != core::Code::ok || core::CheckDate(parsed.value) != core::Code::ok) {
		const std::string year = text.substr(0, 4);
		return MomentOf((year > "1000" ? year : "1000") + "-01-01");
	}
	const core::Temporal &t = parsed.value;
	return {text, core::DaysSince2000(t.year, t.month, t.day), parsed.has_time ? core::TimeMicroseconds(t) : 0};
}

Strings Moments(KeyClass kind, const std::string &first, const std::string &last, size_t count) {
	const Moment low = MomentOf(first), high = MomentOf(last);
	const bool dates = kind == KeyClass::date;
	const int64_t days = high.days - low.days;
	const int64_t span = dates ? days : days * core::kMicrosecondsPerDay + high.microseconds - low.microseconds;
	Strings candidates;
	if (span > 0)
		for (const uint64_t step : Spaced(static_cast<uint64_t>(span), count))
			candidates.push_back((dates ? "DATE'" : "TIMESTAMP'") + low.text +
								 (dates || low.text.size() > 10 ? "" : " 00:00:00") + "' + INTERVAL " +
								 std::to_string(step) + (dates ? " DAY" : " MICROSECOND"));
	return candidates;
}

std::u32string Decode(std::string_view utf8) {
	std::u32string text;
	while (const size_t length = core::Utf8SequenceLength(utf8)) {
		char32_t c = static_cast<unsigned char>(utf8[0]);
		if (length > 1)
			c &= 0xFFu >> (length + 1);
		for (size_t i = 1; i < length; ++i)
			c = (c << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3F);
		text += c;
		utf8.remove_prefix(length);
	}
	return text;
}

void Append(std::string &utf8, char32_t c) {
	const auto put = [&utf8](char32_t byte) { utf8 += static_cast<char>(static_cast<unsigned char>(byte)); };
	if (c < 0x80) {
		put(c);
		return;
	}
	const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	put((0xFF00u >> (more + 1) & 0xFFu) | c >> (6 * more));
	for (int i = more - 1; i >= 0; --i)
		put(0x80 | (c >> (6 * i) & 0x3F));
}

bool IsSurrogate(char32_t c) noexcept { return c >= 0xD800 && c < 0xE000; }
char32_t Lower(char32_t c) noexcept { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

bool IsBinary(const core::SourceType &type) { return type.collation.find("_bin") != std::string::npos; }

std::string Candidate(const core::SourceType &type, const std::u32string &prefix, char32_t next) {
	std::string utf8;
	for (const char32_t c : prefix)
		Append(utf8, c);
	Append(utf8, next);
	return ConvertedLiteral(type, utf8);
}

// What both begin with, and each of an alphabet after it.
Strings Texts(const core::SourceType &type, const std::string &first, const std::string &last, size_t count,
			  const Alphabet &alphabet) {
	const bool fold = !IsBinary(type);
	const std::u32string low = Decode(first), high = Decode(last);
	const auto same = [fold](char32_t a, char32_t b) { return fold ? Lower(a) == Lower(b) : a == b; };
	const size_t common =
		static_cast<size_t>(std::mismatch(low.begin(), low.end(), high.begin(), high.end(), same).first - low.begin());
	const char32_t from = common < low.size() ? low[common] : 0, to = common < high.size() ? high[common] : 0;
	std::vector<char32_t> next = alphabet.Between(from, to, count, fold);
	if (std::max(from, to) >= 0x80) // other scripts: whatever is between
		for (const uint64_t step : Spaced(std::max(from, to) - std::min(from, to), std::min<size_t>(count, 32)))
			if (const char32_t c = std::min(from, to) + static_cast<char32_t>(step); !IsSurrogate(c))
				next.push_back(c);
	Strings candidates;
	for (const char32_t c : next)
		candidates.push_back(Candidate(type, low.substr(0, common), c));
	return candidates;
}

// To the server's collation both may begin alike though they look different, as "über" and "user" do.
Strings FurtherTexts(const core::SourceType &type, const std::string &first, const std::string &last, size_t count,
					 const Alphabet &alphabet, size_t failures) {
	Strings candidates;
	const std::u32string low = Decode(first), high = Decode(last);
	const size_t common =
		static_cast<size_t>(std::mismatch(low.begin(), low.end(), high.begin(), high.end()).first - low.begin());
	for (const char32_t c : alphabet.Between(0, kAnyCharacter, count, !IsBinary(type)))
		for (const std::u32string &text : {low, high})
			candidates.push_back(Candidate(type, text.substr(0, common + failures), c));
	return candidates;
}

// The first two bytes in which they differ, as a number: more than any count asks for.
Strings Bytes(const std::string &first, const std::string &last, size_t count) {
	const size_t common =
		static_cast<size_t>(std::mismatch(first.begin(), first.end(), last.begin(), last.end()).first - first.begin());
	const auto number = [common](const std::string &bytes) {
		const auto at = [&](size_t i) -> uint64_t {
			return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
		};
		return at(common) << 8 | at(common + 1);
	};
	const uint64_t low = number(first), high = number(last);
	Strings candidates;
	if (low < high)
		for (const uint64_t step : Spaced(high - low, count)) {
			std::string candidate = first.substr(0, common);
			candidate += static_cast<char>((low + step) >> 8);
			candidate += static_cast<char>((low + step) & 0xFF);
			candidates.push_back("_binary " + core::digest::mysql::BinaryLiteral(candidate));
		}
	return candidates;
}

} // namespace

void Alphabet::Add(std::string_view utf8) {
	for (const char32_t c : Decode(utf8)) {
		seen_.insert(c);
		++characters_;
	}
}

std::vector<char32_t> Alphabet::Between(char32_t first, char32_t last, size_t count, bool fold) const {
	const auto folded = [fold](char32_t c) { return fold ? Lower(c) : c; };
	const auto [low, high] = std::minmax({folded(first), folded(last)});
	std::set<char32_t> all;
	const auto add = [&, from = low, to = high](char32_t c) {
		if (c != ' ' && folded(c) >= from && folded(c) <= to) // a trailing blank may count or not
			all.insert(folded(c));
	};
	if (characters_ >= kEnoughCharacters)
		std::for_each(seen_.begin(), seen_.end(), add);
	else
		for (char32_t c = '!'; c <= '~'; ++c)
			add(c);
	if (last != 0 && last != kAnyCharacter)
		add(last);
	const size_t every = std::max<size_t>(1, all.size() / std::max<size_t>(1, count));
	std::vector<char32_t> between;
	size_t i = 0;
	for (const char32_t c : all)
		if (i++ % every == 0)
			between.push_back(c);
	return between;
}

std::vector<std::string> CandidateExpressions(const core::SourceType &type, const std::string &first,
											  const std::string &last, size_t count, const Alphabet &alphabet,
											  size_t failures) {
	const KeyClass kind = ClassOf(type);
	switch (kind) {
	case KeyClass::integer:
		return type.is_unsigned ? Integers<uint64_t>(first, last, count) : Integers<int64_t>(first, last, count);
	case KeyClass::decimal: return Decimals(type, first, last, count);
	case KeyClass::date:
	case KeyClass::datetime: return Moments(kind, first, last, count);
	case KeyClass::text:
		return failures == 0 ? Texts(type, first, last, count, alphabet)
							 : FurtherTexts(type, first, last, count, alphabet, failures);
	case KeyClass::binary: return Bytes(first, last, count);
	case KeyClass::none: break;
	}
	return {};
}

} // namespace alkconv::mysql
