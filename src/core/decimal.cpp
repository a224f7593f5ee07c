// Regime: C++ (may throw, never calls Postgres)
//
// Everything here works on the digits, never through a binary number, except where a binary number is the target.
#include "core/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace alkconv::core {

namespace {

constexpr int64_t kMaxExponent = 1000000;

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

bool ParseExponent(std::string_view text, int64_t &exponent) noexcept {
	const bool negative = !text.empty() && text.front() == '-';
	if (!text.empty() && (text.front() == '-' || text.front() == '+'))
		text.remove_prefix(1);
	if (text.empty())
		return false;
	exponent = 0;
	for (const char c : text) {
		if (!IsDigit(c))
			return false;
		exponent = exponent * 10 + (c - '0');
		if (exponent > kMaxExponent)
			return false;
	}
	if (negative)
		exponent = -exponent;
	return true;
}

// The non-zero digits of a number one by one, most significant first, without leading and trailing zeros.
class Digits {
public:
	Digits(std::string_view text, const DecimalShape &shape) noexcept
		: text_(text), left_(shape.zero ? 0 : shape.high - shape.low + 1) {}

	// 0 to 9, or -1 after the last one.
	int Next() noexcept {
		if (left_ == 0)
			return -1;
		while (!IsDigit(text_[at_]) || (!started_ && text_[at_] == '0'))
			++at_;
		started_ = true;
		--left_;
		return text_[at_++] - '0';
	}

private:
	std::string_view text_;
	int32_t left_;
	size_t at_ = 0;
	bool started_ = false;
};

bool SameNumber(std::string_view a, const DecimalShape &shape_a, std::string_view b) noexcept {
	DecimalShape shape_b;
	if (!ParseDecimal(b, shape_b) || shape_a.zero != shape_b.zero || shape_a.negative != shape_b.negative)
		return false;
	if (shape_a.zero)
		return true;
	if (shape_a.high != shape_b.high || shape_a.low != shape_b.low)
		return false;
	Digits digits_a(a, shape_a), digits_b(b, shape_b);
	for (int digit = digits_a.Next(); digit >= 0; digit = digits_a.Next())
		if (digit != digits_b.Next())
			return false;
	return true;
}

template <class F>
Code ToFloating(std::string_view text, F &value) noexcept {
	DecimalShape shape;
	if (!ParseDecimal(text, shape))
		return Code::invalid_text;
	const std::string_view unsigned_plus = text.front() == '+' ? text.substr(1) : text; // from_chars takes no plus
	const auto parsed = std::from_chars(unsigned_plus.data(), unsigned_plus.data() + unsigned_plus.size(), value);
	if (parsed.ec == std::errc::result_out_of_range)
		return shape.high > 0 ? Code::out_of_range : Code::inexact_number; // too large, or vanishing
	if (parsed.ec != std::errc())
		return Code::invalid_text;
	if (shape.zero)
		return Code::ok;
	// IEEE 754 guarantees the round trip of so few digits, save among the subnormal numbers.
	if (shape.high - shape.low < std::numeric_limits<F>::digits10 && std::isnormal(value))
		return Code::ok;
	// The longest exact expansion of a double has 767 significant digits.
	char buffer[800];
	const auto shortest = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
	if (SameNumber(text, shape, {buffer, static_cast<size_t>(shortest.ptr - buffer)}))
		return Code::ok;
	const auto exact =
		std::to_chars(buffer, buffer + sizeof buffer, static_cast<double>(value), std::chars_format::scientific, 766);
	return SameNumber(text, shape, {buffer, static_cast<size_t>(exact.ptr - buffer)}) ? Code::ok : Code::inexact_number;
}

} // namespace

bool ParseDecimal(std::string_view text, DecimalShape &shape) noexcept {
	const char *at = text.data();
	const char *const end = at + text.size();
	shape = {false, true, 0, 0, 0};
	if (at < end && (*at == '-' || *at == '+'))
		shape.negative = *at++ == '-';

	// `position` counts digits from the first one; where the point stands is known afterwards.
	int64_t position = 0, point = -1, first = -1, last = -1;
	for (; at < end; ++at) {
		if (IsDigit(*at)) {
			if (*at != '0') {
				if (first < 0)
					first = position;
				last = position;
			}
			++position;
		} else if (*at == '.' && point < 0)
			point = position;
		else
			break;
	}
	if (position == 0)
		return false;
	int64_t exponent = 0;
	if (at < end) {
		if (*at != 'e' && *at != 'E')
			return false;
		++at;
		if (!ParseExponent({at, static_cast<size_t>(end - at)}, exponent))
			return false;
	}
	if (point < 0)
		point = position;
	const int64_t scale = std::max(position - point - exponent, int64_t{0});
	if (scale > std::numeric_limits<int32_t>::max())
		return false;
	shape.scale = static_cast<int32_t>(scale);
	if (first < 0)
		return true;
	const int64_t high = point - 1 - first + exponent, low = point - 1 - last + exponent;
	if (high > std::numeric_limits<int32_t>::max() || low < std::numeric_limits<int32_t>::min())
		return false;
	shape.zero = false;
	shape.high = static_cast<int32_t>(high);
	shape.low = static_cast<int32_t>(low);
	return true;
}

Code CheckNumeric(const DecimalShape &shape, int32_t precision, int32_t scale) noexcept {
	if (precision < 0 || shape.zero)
		return Code::ok;
	if (shape.high >= precision - scale)
		return Code::out_of_range;
	if (shape.low < -scale)
		return Code::inexact_number;
	return Code::ok;
}

bool SplitDecimal(std::string_view text, int32_t scale, int64_t &unscaled, uint32_t &digits_after) noexcept {
	constexpr int kMaxDigits = 18; // of any value
	const bool negative = !text.empty() && text.front() == '-';
	if (!text.empty() && (text.front() == '-' || text.front() == '+'))
		text.remove_prefix(1);
	int64_t number = 0;
	int32_t after = 0; // digits after the point
	int digits = 0, significant = 0;
	bool point = false;
	for (const char c : text) {
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (!IsDigit(c))
			return false;
		++digits;
		if (point && after == scale) { // beyond the target's digits
			if (c != '0')
				return false;
			continue;
		}
		significant += significant > 0 || c != '0' ? 1 : 0;
		if (significant > kMaxDigits)
			return false;
		number = number * 10 + (c - '0');
		after += point ? 1 : 0;
	}
	if (digits == 0)
		return false;
	for (; after < scale; ++after) {
		significant += significant > 0 ? 1 : 0;
		if (significant > kMaxDigits)
			return false;
		number *= 10;
	}
	unscaled = negative ? -number : number;
	digits_after = static_cast<uint32_t>(after);
	return true;
}

Code DecimalToInteger(std::string_view text, int64_t minimum, int64_t maximum, int64_t &value) noexcept {
	const bool negative = !text.empty() && text.front() == '-';
	size_t at = !text.empty() && (text.front() == '-' || text.front() == '+') ? 1 : 0;
	const size_t start = at;
	bool overflow = false;
	int64_t number = 0; // kept negative, because the negative range is the larger one
	for (; at < text.size() && IsDigit(text[at]); ++at)
		overflow |= __builtin_mul_overflow(number, int64_t{10}, &number) ||
					__builtin_sub_overflow(number, static_cast<int64_t>(text[at] - '0'), &number);
	if (at == start)
		return Code::invalid_text;
	bool fraction = false;
	if (at < text.size() && text[at] == '.')
		for (++at; at < text.size() && IsDigit(text[at]); ++at)
			fraction |= text[at] != '0';
	if (at != text.size())
		return Code::invalid_text;
	if (!negative)
		overflow |= __builtin_sub_overflow(int64_t{0}, number, &number);
	if (overflow || number < minimum || number > maximum)
		return Code::out_of_range;
	value = number;
	return fraction ? Code::inexact_number : Code::ok;
}

Code DecimalToDouble(std::string_view text, double &value) noexcept { return ToFloating(text, value); }

Code DecimalToFloat(std::string_view text, float &value) noexcept { return ToFloating(text, value); }

} // namespace alkconv::core
