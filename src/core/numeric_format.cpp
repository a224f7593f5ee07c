// Regime: C++ (may throw, never calls Postgres)
//
// A numeric is a varlena of a header with sign, scale to display and weight, and of digits to the base 10000 without zeros at either end.
// The header has a short form for small scales and weights, which must be used where it can be.
#include "core/numeric_format.hpp"

#include "core/decimal.hpp"

#include <cstdint>
#include <cstring>

namespace alkconv::core {

namespace {

constexpr size_t kVarlenaHeader = 4;
constexpr int32_t kMaxScale = 0x3FFF;
constexpr uint16_t kNegative = 0x4000;
constexpr uint16_t kShort = 0x8000;
constexpr uint16_t kShortNegative = 0x2000;
constexpr int kShortScaleShift = 7;
constexpr int32_t kShortMaxScale = 63;
constexpr uint16_t kShortNegativeWeight = 0x0040;
constexpr uint16_t kShortWeightMask = 0x003F;
constexpr int32_t kShortMaxWeight = 63;

// The weight of the group of four in which a digit with this exponent of ten stands: the quotient, rounded downwards.
constexpr int32_t GroupOf(int32_t exponent) noexcept { return exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4); }

char *Put16(char *out, uint16_t number) noexcept {
	std::memcpy(out, &number, sizeof number);
	return out + sizeof number;
}

// SET_VARSIZE_4B (varatt.h).
void PutVarlenaHeader(char *out, size_t size) noexcept {
	const auto header = static_cast<uint32_t>(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? size : size << 2);
	std::memcpy(out, &header, kVarlenaHeader);
}

char *PutHeader(char *out, bool negative, int32_t scale, int32_t weight) noexcept {
	if (scale <= kShortMaxScale && weight <= kShortMaxWeight && weight >= -kShortMaxWeight - 1)
		return Put16(out, static_cast<uint16_t>(kShort | (negative ? kShortNegative : 0) | scale << kShortScaleShift |
												(weight < 0 ? kShortNegativeWeight : 0) | (weight & kShortWeightMask)));
	out = Put16(out, static_cast<uint16_t>((negative ? kNegative : 0) | scale));
	return Put16(out, static_cast<uint16_t>(weight));
}

// The digits from the first to the last one that is not zero.
char *PutDigits(char *out, std::string_view number, const DecimalShape &shape) noexcept {
	const char *at = number.begin() + number.find_first_of("123456789");
	uint16_t group = 0;
	int32_t exponent = shape.high;
	for (; exponent >= shape.low; --exponent, ++at) {
		if (*at == '.')
			++at;
		group = static_cast<uint16_t>(group * 10 + (*at - '0'));
		if (exponent % 4 == 0) {
			out = Put16(out, group);
			group = 0;
		}
	}
	if (group == 0) // the last digit is not zero, so the group is complete
		return out;
	for (; (exponent + 1) % 4 != 0; --exponent)
		group = static_cast<uint16_t>(group * 10);
	return Put16(out, group);
}

} // namespace

size_t WriteNumeric(std::string_view number, char *out) noexcept {
	DecimalShape shape;
	if (!ParseDecimal(number, shape) || shape.scale > kMaxScale)
		return 0;
	const int32_t weight = shape.zero ? 0 : GroupOf(shape.high);
	if (weight != static_cast<int16_t>(weight))
		return 0;
	char *end = PutHeader(out + kVarlenaHeader, shape.negative && !shape.zero, shape.scale, weight);
	if (!shape.zero)
		end = PutDigits(end, number, shape);
	const auto size = static_cast<size_t>(end - out);
	PutVarlenaHeader(out, size);
	return size;
}

} // namespace alkconv::core
