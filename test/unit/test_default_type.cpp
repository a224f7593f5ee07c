// Regime: C++ (may throw, never calls Postgres)
//
// The types of mode `create`, and that each of them takes every value of its source type.
#include "core/default_type.hpp"

#include "cells.hpp"

#include "core/conversion.hpp"

#include <gtest/gtest.h>

namespace alkconv::test {
namespace {

using namespace core;

struct Default {
	const char *source, *target;
	std::vector<const char *> extremes; // values that must be taken
};

const Default kDefaults[] = {
	{"tinyint(1)", "smallint", {"-128", "2", "127"}}, // trap 10
	{"tinyint unsigned", "smallint", {"255"}},
	{"smallint", "smallint", {"-32768", "32767"}},
	{"smallint unsigned", "integer", {"65535"}},
	{"mediumint", "integer", {"-8388608"}},
	{"mediumint unsigned", "integer", {"16777215"}},
	{"int(11)", "integer", {"-2147483648", "2147483647"}}, // trap 9
	{"int(10) unsigned", "bigint", {"4294967295"}},
	{"bigint", "bigint", {"-9223372036854775808", "9223372036854775807"}},
	{"bigint unsigned", "numeric(20,0)", {"18446744073709551615"}}, // trap 8
	{"decimal(65,30)",
	 "numeric(65,30)",
	 {"-99999999999999999999999999999999999.999999999999999999999999999999"}}, // trap 12
	{"decimal(19,2)", "numeric(19,2)", {"12345678901234567.89"}},
	{"float", "real", {"3.40282347e38", "1e-45", "-0.0"}},
	{"float(7,3)", "real", {"1234.567"}},
	{"double", "double precision", {"1.7976931348623157e308", "5e-324"}},
	{"bit(1)", "bit(1)", {"\\x00", "\\x01"}},
	{"bit(64)", "bit(64)", {"\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff"}},
	{"year", "smallint", {"0", "1901", "2155"}},
	{"date", "date", {"0001-01-01", "9999-12-31"}},
	{"datetime", "timestamp(0) without time zone", {"9999-12-31 23:59:59"}},
	{"datetime(6)", "timestamp(6) without time zone", {"9999-12-31 23:59:59.999999"}},
	{"timestamp", "timestamp(0) with time zone", {"1970-01-01 00:00:01"}},
	{"timestamp(3)", "timestamp(3) with time zone", {"2038-01-19 03:14:07.999"}},
	{"time(6)", "interval", {"-838:59:59", "838:59:58.999999"}}, // trap 5
	{"char(36)", "character varying(36)", {"\"\"", "email"}},	 // trap 13
	{"char(0)", "character varying(1)", {"\"\""}},
	{"varchar(2)", "character varying(2)", {"\\xf0\\x9f\\x98\\x80\\xf0\\x9f\\x98\\x80"}}, // trap 27
	{"tinytext", "text", {"a"}},
	{"longtext", "text", {"\"\""}},
	{"binary(16)", "bytea", {"\\x00"}},
	{"varbinary(10)", "bytea", {"\\xff"}},
	{"mediumblob", "bytea", {"\\xff\\x00"}},
	{"enum('a','b')", "text", {"a", "b"}},
	{"set('a','b')", "text[]", {"\"\"", "a,b"}},
	{"json", "jsonb", {"null", "{\"a\": 1}"}},
	{"geomcollection", "bytea", {"\\x00"}},
	{"vector(2)", "bytea", {"\\x00"}},
	{"uuid", "uuid", {"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"}},
	{"inet4", "inet", {"10.0.0.1"}},
	{"inet6", "inet", {"::1"}},
};

TEST(DefaultType, TakesEveryValue) {
	for (const Default &expected : kDefaults) {
		const SourceType source = ParseSourceType(expected.source, "", "");
		EXPECT_EQ(DefaultTargetType(source), expected.target) << expected.source;
		for (const char *extreme : expected.extremes)
			EXPECT_NE(Convert(expected.source, extreme, expected.target)[0], '!')
				<< expected.source << " " << extreme << ": " << Convert(expected.source, extreme, expected.target);
	}
}

TEST(DefaultType, PartsAgreeWithTheText) {
	for (const Default &expected : kDefaults) {
		SCOPED_TRACE(expected.source);
		const TargetType type = DefaultTarget(ParseSourceType(expected.source, "", "")),
						 parsed = Target(expected.target);
		EXPECT_EQ(type.kind, parsed.kind);
		EXPECT_EQ(type.length, parsed.length);
		EXPECT_EQ(type.precision, parsed.precision);
		EXPECT_EQ(type.scale, parsed.scale);
		EXPECT_EQ(type.fsp, parsed.fsp);
	}
}

TEST(DefaultType, UnknownTypesHaveNone) {
	try {
		DefaultTargetType(ParseSourceType("xmltype", "", ""));
		ADD_FAILURE() << "xmltype has a default";
	} catch (const Error &error) {
		EXPECT_EQ(error.code(), Code::cannot_convert);
		EXPECT_EQ(error.message(), "no Postgres type is known for xmltype");
		EXPECT_FALSE(error.hint().empty());
	}
}

} // namespace
} // namespace alkconv::test
