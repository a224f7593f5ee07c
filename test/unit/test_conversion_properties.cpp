// Regime: C++ (may throw, never calls Postgres)
//
// Random values of each type, the same each time: the canonical text of a value is read as the same value again, a text target gets
// that text, and where core reads texts for a target by itself, it makes of that text what it makes of the value.
#include "cells.hpp"

#include "core/default_type.hpp"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>

namespace alkconv::test {
namespace {

using namespace core;

using Random = std::mt19937_64;

template <typename... Arguments>
std::string Format(const char *format, Arguments... arguments) {
	char text[128];
	std::snprintf(text, sizeof text, format, arguments...);
	return text;
}

// Small numbers and the limits as often as any.
int64_t Integer(Random &random, int bits) {
	const auto value = static_cast<int64_t>(random());
	const int shift = 64 - bits + static_cast<int>(random() % static_cast<unsigned>(bits));
	return value >> shift;
}

std::string Unsigned(Random &random, int bits) {
	const int shift = 64 - bits + static_cast<int>(random() % static_cast<unsigned>(bits));
	return Format("%" PRIu64, static_cast<uint64_t>(random()) >> shift);
}

std::string Decimal(Random &random, int before, int after) {
	std::string digits = random() % 2 == 0 ? "-" : "";
	const int length = 1 + static_cast<int>(random() % static_cast<unsigned>(before));
	for (int i = 0; i < length; ++i)
		digits += static_cast<char>((i == 0 && length > 1 ? '1' : '0') + static_cast<char>(random() % 9));
	digits += '.';
	for (int i = 0; i < after; ++i)
		digits += static_cast<char>('0' + random() % 10);
	return digits.find_first_of("123456789") == std::string::npos && digits[0] == '-' ? digits.substr(1) : digits;
}

std::string Double(Random &random) {
	for (;;) {
		const uint64_t bits = random();
		double value = 0;
		std::memcpy(&value, &bits, sizeof value);
		if (std::isfinite(value))
			return Format("%.17g", value);
	}
}

std::string Float(Random &random) {
	for (;;) {
		const auto bits = static_cast<uint32_t>(random());
		float value = 0;
		std::memcpy(&value, &bits, sizeof value);
		if (std::isfinite(value))
			return Format("%.9g", static_cast<double>(value));
	}
}

std::string Date(Random &random) {
	return Format("%04u-%02u-%02u", 1 + static_cast<unsigned>(random() % 9999),
				  1 + static_cast<unsigned>(random() % 12), 1 + static_cast<unsigned>(random() % 28));
}

std::string Clock(Random &random, unsigned hours, int digits) {
	std::string text = Format("%02u:%02u:%02u", static_cast<unsigned>(random() % hours),
							  static_cast<unsigned>(random() % 60), static_cast<unsigned>(random() % 60));
	for (int i = 0; i < digits; ++i)
		text += (i == 0 ? "." : "") + std::string(1, static_cast<char>('0' + random() % 10));
	return text;
}

std::string Uuid(Random &random) {
	return Format("%08x-%04x-%04x-%04x-%012" PRIx64, static_cast<unsigned>(random()),
				  static_cast<unsigned>(random() & 0xffff), static_cast<unsigned>(random() & 0xffff),
				  static_cast<unsigned>(random() & 0xffff), random() & UINT64_C(0xffffffffffff));
}

struct Property {
	const char *source, *target;
	std::string (*literal)(Random &);
};

const Property kProperties[] = {
	{"tinyint", "smallint", [](Random &r) { return Format("%" PRId64, Integer(r, 8)); }},
	{"smallint", "smallint", [](Random &r) { return Format("%" PRId64, Integer(r, 16)); }},
	{"mediumint", "integer", [](Random &r) { return Format("%" PRId64, Integer(r, 24)); }},
	{"int", "integer", [](Random &r) { return Format("%" PRId64, Integer(r, 32)); }},
	{"bigint", "bigint", [](Random &r) { return Format("%" PRId64, Integer(r, 64)); }},
	{"int unsigned", "bigint", [](Random &r) { return Unsigned(r, 32); }},
	{"bigint unsigned", "numeric(20,0)", [](Random &r) { return Unsigned(r, 64); }},
	{"decimal(12,3)", "numeric(12,3)", [](Random &r) { return Decimal(r, 9, 3); }},
	{"decimal(65,30)", "numeric(65,30)", [](Random &r) { return Decimal(r, 35, 30); }},
	{"float", "real", [](Random &r) { return Float(r); }},
	{"double", "double precision", [](Random &r) { return Double(r); }},
	{"year", "smallint", [](Random &r) { return Format("%u", 1901 + static_cast<unsigned>(r() % 255)); }},
	{"date", "date", [](Random &r) { return Date(r); }},
	{"datetime", "timestamp(0) without time zone", [](Random &r) { return Date(r) + " " + Clock(r, 24, 0); }},
	{"datetime(6)", "timestamp(6) without time zone", [](Random &r) { return Date(r) + " " + Clock(r, 24, 6); }},
	{"time(6)", "interval", [](Random &r) { return (r() % 2 == 0 ? "-" : "") + Clock(r, 839, 6); }},
	{"time", "time(0) without time zone", [](Random &r) { return Clock(r, 24, 0); }},
	{"char(36)", "uuid", [](Random &r) { return Uuid(r); }},
};

class ConversionProperty : public testing::TestWithParam<Property> {};

TEST_P(ConversionProperty, TextAndValueAreTheSame) {
	const Property &property = GetParam();
	const SourceType source = ParseSourceType(property.source, "utf8mb4", "utf8mb4_bin");
	Random random(20261121); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
	int read_from_text = 0;
	for (int i = 0; i < 500; ++i) {
		const std::string literal = property.literal(random);
		const std::string value = Convert(property.source, literal, property.target);
		ASSERT_NE(value[0], '!') << literal << " " << value;
		Cells cells;
		const std::string text = CanonicalText(source, cells.Make(source, literal));
		ASSERT_EQ(Convert(property.source, text, property.target), value) << literal << " as " << text;
		ASSERT_EQ(CanonicalText(source, cells.Make(source, text)), text) << literal;
		ASSERT_EQ(Convert(property.source, literal, "text"), "varlena:" + text);
		const std::string from_text = Convert("varchar(100)", text, property.target);
		if (from_text.rfind("input:", 0) == 0)
			continue; // the target's input function reads it
		++read_from_text;
		ASSERT_EQ(from_text, value) << literal << " as " << text;
	}
	RecordProperty("read_from_text", read_from_text);
}

INSTANTIATE_TEST_SUITE_P(All, ConversionProperty, testing::ValuesIn(kProperties));

} // namespace
} // namespace alkconv::test
