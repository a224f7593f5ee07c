// Regime: C++ (may throw, never calls Postgres)
//
// COLUMN_TYPE as MySQL 9.7 and MariaDB 11.8 write it.
#include "core/types.hpp"

#include "core/status.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

struct Expected {
	const char *text;
	MySqlKind kind;
	bool is_unsigned = false;
	uint32_t display_width = 0;
	uint64_t length = 0;
	uint32_t precision = 0, scale = 0, fsp = 0;
};

constexpr Expected kTypes[] = {
	{"tinyint(1)", MySqlKind::tinyint, false, 1},
	{"tinyint", MySqlKind::tinyint},
	{"tinyint unsigned", MySqlKind::tinyint, true},
	{"smallint(5) unsigned", MySqlKind::smallint, true, 5},
	{"mediumint(9)", MySqlKind::mediumint, false, 9},
	{"int", MySqlKind::int_},
	{"int(11)", MySqlKind::int_, false, 11},
	{"int(10) unsigned zerofill", MySqlKind::int_, true, 10},
	{"int zerofill", MySqlKind::int_, true},
	{"bigint unsigned", MySqlKind::bigint, true},
	{"bigint(20)", MySqlKind::bigint, false, 20},
	{"decimal(65,30)", MySqlKind::decimal, false, 0, 0, 65, 30},
	{"decimal(10,0) unsigned", MySqlKind::decimal, true, 0, 0, 10, 0},
	{"decimal(5)", MySqlKind::decimal, false, 0, 0, 5, 0},
	{"decimal", MySqlKind::decimal, false, 0, 0, 10, 0},
	{"float", MySqlKind::float_},
	{"float(7,3) unsigned", MySqlKind::float_, true, 0, 0, 7, 3},
	{"double(10,2)", MySqlKind::double_, false, 0, 0, 10, 2},
	{"float(10,0)", MySqlKind::float_, false, 0, 0, 10, 0},
	{"double(10,4000000000)", MySqlKind::double_}, // no server says so
	{"double unsigned zerofill", MySqlKind::double_, true},
	{"bit(1)", MySqlKind::bit, false, 0, 1},
	{"bit(64)", MySqlKind::bit, false, 0, 64},
	{"year", MySqlKind::year},
	{"year(4)", MySqlKind::year, false, 4},
	{"date", MySqlKind::date},
	{"datetime", MySqlKind::datetime},
	{"datetime(6)", MySqlKind::datetime, false, 0, 0, 0, 0, 6},
	{"datetime /* mariadb-5.3 */", MySqlKind::datetime},
	{"datetime(3) /* mariadb-5.3 */", MySqlKind::datetime, false, 0, 0, 0, 0, 3},
	{"timestamp(6)", MySqlKind::timestamp, false, 0, 0, 0, 0, 6},
	{"time(3)", MySqlKind::time, false, 0, 0, 0, 0, 3},
	{"char(36)", MySqlKind::char_, false, 0, 36},
	{"char(1)", MySqlKind::char_, false, 0, 1},
	{"varchar(255)", MySqlKind::varchar, false, 0, 255},
	{"varchar(0)", MySqlKind::varchar},
	{"varchar(100) /*M!100301 COMPRESSED*/", MySqlKind::varchar, false, 0, 100},
	{"tinytext", MySqlKind::text, false, 0, 255},
	{"text", MySqlKind::text, false, 0, 65535},
	{"mediumtext", MySqlKind::text, false, 0, 16777215},
	{"longtext", MySqlKind::text, false, 0, 4294967295},
	{"binary(16)", MySqlKind::binary, false, 0, 16},
	{"varbinary(65532)", MySqlKind::varbinary, false, 0, 65532},
	{"tinyblob", MySqlKind::blob, false, 0, 255},
	{"blob", MySqlKind::blob, false, 0, 65535},
	{"blob /*M!100301 COMPRESSED*/", MySqlKind::blob, false, 0, 65535},
	{"mediumblob", MySqlKind::blob, false, 0, 16777215},
	{"longblob", MySqlKind::blob, false, 0, 4294967295},
	{"json", MySqlKind::json},
	{"geometry", MySqlKind::geometry},
	{"point", MySqlKind::geometry},
	{"linestring", MySqlKind::geometry},
	{"polygon", MySqlKind::geometry},
	{"multipoint", MySqlKind::geometry},
	{"multilinestring", MySqlKind::geometry},
	{"multipolygon", MySqlKind::geometry},
	{"geometrycollection", MySqlKind::geometry},
	{"geomcollection", MySqlKind::geometry},
	{"uuid", MySqlKind::uuid},
	{"inet4", MySqlKind::inet4},
	{"inet6", MySqlKind::inet6},
	{"vector(3)", MySqlKind::vector, false, 0, 12},
	{"xmltype", MySqlKind::unknown},
	{"hyperloglog(5,'a')", MySqlKind::unknown},
	{"INT(10) UNSIGNED", MySqlKind::int_, true, 10},
};

TEST(ParseSourceType, ReadsWhatTheServersWrite) {
	for (const Expected &expected : kTypes) {
		SCOPED_TRACE(expected.text);
		const SourceType type = ParseSourceType(expected.text, "utf8mb4", "utf8mb4_bin");
		EXPECT_EQ(type.kind, expected.kind);
		EXPECT_EQ(type.is_unsigned, expected.is_unsigned);
		EXPECT_EQ(type.display_width, expected.display_width);
		EXPECT_EQ(type.length, expected.length);
		EXPECT_EQ(type.precision, expected.precision);
		EXPECT_EQ(type.scale, expected.scale);
		EXPECT_EQ(type.fsp, expected.fsp);
		EXPECT_EQ(type.text, expected.text);
		EXPECT_EQ(type.charset, "utf8mb4");
		EXPECT_EQ(type.collation, "utf8mb4_bin");
		EXPECT_FALSE(type.json_by_check);
		EXPECT_TRUE(type.labels.empty());
	}
}

// As both servers write them in information_schema for ('a','b''c','d\\e','n\nl\r','x\0y',...).
TEST(ParseSourceType, Trap28LabelsAreUnquotedAndKeepTheirOrder) {
	const SourceType type = ParseSourceType(
		"enum('a','b''c','d\\\\e','n\\nl\\r','x\\0y','tab\tz','\xc3\xa9\"','p,q','r)','')", "utf8mb4", "");
	EXPECT_EQ(type.kind, MySqlKind::enum_);
	const std::vector<std::string> labels = {"a",	   "b'c",		 "d\\e", "n\nl\r", std::string("x\0y", 3),
											 "tab\tz", "\xc3\xa9\"", "p,q",	 "r)",	   ""};
	EXPECT_EQ(type.labels, labels);

	const SourceType set = ParseSourceType("set('b','a','''')", "", "");
	EXPECT_EQ(set.kind, MySqlKind::set);
	EXPECT_EQ(set.labels, (std::vector<std::string>{"b", "a", "'"}));
}

TEST(ParseSourceType, RefusesWhatIsNoType) {
	for (const char *text : {"",
							 " ",
							 "'a'",
							 "(10)",
							 "int(",
							 "int(10",
							 "int()",
							 "int(a)",
							 "int(10))",
							 "int(10",
							 "decimal(1,)",
							 "enum",
							 "enum()",
							 "enum('a'",
							 "enum('a",
							 "enum('a',)",
							 "enum(a)",
							 "enum('a\\",
							 "int /* open",
							 "int ?",
							 "int(99999999999)",
							 "char(9999999999999999999)"})
		try {
			ParseSourceType(text, "", "");
			ADD_FAILURE() << "accepted: " << text;
		} catch (const Error &error) {
			EXPECT_EQ(error.code(), Code::internal) << text;
			EXPECT_EQ(error.message(), "could not parse column type \"" + std::string(text) + "\"");
			EXPECT_FALSE(error.hint().empty());
		}
}

} // namespace
} // namespace alkconv::core
