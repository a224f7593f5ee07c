// Regime: C++ (may throw, never calls Postgres)
//
// Decimals: any text is either no number for all of the functions, or they agree on its value.
#include "core/decimal.hpp"
#include "core/numeric_format.hpp"
#include "fuzz.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace alkconv::core;

// An integer, found in another way. DecimalToInteger wants a digit before the point, as the source writes it.
static void CheckInteger(const std::string &text, const DecimalShape &shape) {
	const size_t first = text[0] == '-' || text[0] == '+' ? 1 : 0;
	if (shape.high > 17 || text.find_first_of("eE") != std::string::npos || text[first] == '.')
		return;
	int64_t value = 0;
	const Code code =
		DecimalToInteger(text, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), value);
	Require((code == Code::ok) == (shape.zero || shape.low >= 0));
	Require(code != Code::ok || value == std::stoll(text));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const std::string text(reinterpret_cast<const char *>(data), size);
	DecimalShape shape{};
	const bool number = ParseDecimal(text, shape);
	double as_double = 0;
	float as_float = 0;
	const Code to_double = DecimalToDouble(text, as_double), to_float = DecimalToFloat(text, as_float);
	Require(to_double != Code::ok || std::isfinite(as_double));
	Require(to_float != Code::ok || std::isfinite(as_float));
	int64_t unscaled = 0;
	uint32_t digits_after = 0;
	const bool split = SplitDecimal(text, -1, unscaled, digits_after);
	std::vector<char> numeric(NumericRoom(size));
	const size_t written = WriteNumeric(text, numeric.data());
	Require(written <= numeric.size());
	if (!number) {
		Require(to_double != Code::ok && to_float != Code::ok && !split && written == 0);
		return 0;
	}
	Require(shape.scale >= 0);
	if (!shape.zero) {
		Require(shape.high >= shape.low);
		Require(CheckNumeric(shape, -1, 0) == Code::ok);
	}
	if (split) {
		Require(shape.zero == (unscaled == 0));
		Require(shape.zero || shape.negative == (unscaled < 0));
		int64_t again = 0;
		uint32_t more = 0;
		if (SplitDecimal(text, static_cast<int32_t>(digits_after) + 1, again, more))
			Require(again == unscaled * 10);
	}
	CheckInteger(text, shape);
	return 0;
}
