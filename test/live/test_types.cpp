// Regime: C++ (may throw, never calls Postgres)
//
// Every type and every length through RowStream, on a real server.
#include "live.hpp"
#include "mysql/catalog.hpp"
#include "mysql/row_stream.hpp"
#include "mysql/sql.hpp"

#include <cmath>
#include <cstring>
#include <limits>

namespace alkconv::live {

using core::Cell;
using core::CellKind;
using core::Code;
using core::Temporal;
using mysql::Connection;
using mysql::RowStream;

namespace {

core::SourceType Type(const std::string &text) { return core::ParseSourceType(text, "", ""); }

const core::SourceTable &Table(const core::SourceSchema &schema, const char *name) {
	for (const core::SourceTable &table : schema.tables)
		if (table.name == name)
			return table;
	throw std::runtime_error(std::string("no table ") + name);
}

// All rows of a table of the scratch database, in the order of its first column.
class Read {
public:
	Read(Scratch &scratch, const std::string &name) : connection_(scratch.options()) {
		const core::SourceSchema schema = mysql::ReadCatalog(connection_, scratch.name());
		std::vector<std::string> columns;
		std::vector<core::SourceType> types;
		for (const core::SourceColumn &column : Table(schema, name.c_str()).columns) {
			columns.push_back(column.name);
			types.push_back(column.type);
		}
		RowStream stream(connection_, mysql::SelectStatement(scratch.name(), name, columns) + " ORDER BY 1", types);
		while (stream.Fetch(batch))
			;
	}
	const Cell &operator()(size_t row, size_t column) const { return batch.cell(row, column); }

	core::RowBatch batch;

private:
	Connection connection_;
};

void ExpectTemporal(const Cell &cell, const Temporal &wanted) {
	ASSERT_EQ(cell.kind, CellKind::temporal);
	const Temporal &t = cell.temporal;
	EXPECT_EQ(t.year, wanted.year);
	EXPECT_EQ(t.month, wanted.month);
	EXPECT_EQ(t.day, wanted.day);
	EXPECT_EQ(t.hour, wanted.hour);
	EXPECT_EQ(t.minute, wanted.minute);
	EXPECT_EQ(t.second, wanted.second);
	EXPECT_EQ(t.microsecond, wanted.microsecond);
	EXPECT_EQ(t.negative, wanted.negative);
}

} // namespace

TEST(Types, Integers) {
	Scratch scratch;
	scratch.Run(
		{"CREATE TABLE t (k int PRIMARY KEY, a tinyint, b tinyint unsigned, c smallint, d smallint unsigned, e "
		 "mediumint, "
		 "f mediumint unsigned, g int, h int(7) unsigned zerofill, i bigint, j bigint unsigned, y year, l tinyint(1))",
		 "INSERT INTO t VALUES (1,-128,0,-32768,0,-8388608,0,-2147483648,0,-9223372036854775808,0,1901,-128), "
		 "(2,127,255,32767,65535,8388607,16777215,2147483647,4294967295,9223372036854775807,18446744073709551615,2155,"
		 "127), "
		 "(3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL), (4,0,0,0,0,0,0,0,0,0,0,0,0)"});
	const Read read(scratch, "t");
	ASSERT_EQ(read.batch.rows, 4u);
	const int64_t low[] = {-128, 0,	   -32768, 0, -8388608, 0, -2147483648, 0, std::numeric_limits<int64_t>::min(),
						   0,	 1901, -128};
	const uint64_t high[] = {
		127,  255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807u, 18446744073709551615u,
		2155, 127};
	for (size_t i = 0; i < 12; ++i) {
		const bool is_unsigned = i < 10 && i % 2 == 1;
		EXPECT_EQ(read(0, i + 1).kind, is_unsigned ? CellKind::uint64 : CellKind::int64) << i;
		EXPECT_EQ(read(0, i + 1).i64, low[i]) << i;
		EXPECT_EQ(read(1, i + 1).u64, high[i]) << i;
		EXPECT_EQ(read(2, i + 1).kind, CellKind::null) << i;
		EXPECT_EQ(read(3, i + 1).i64, 0) << i;
	}
}

TEST(Types, FloatsAreExact) {
	Scratch scratch;
	scratch.Run(
		{"CREATE TABLE t (k int PRIMARY KEY, f float, d double, n decimal(65,30), m decimal(5,0))",
		 "INSERT INTO t VALUES (1, 16777217, 0.1, "
		 "'12345678901234567890123456789012345.123456789012345678901234567890', -99999)",
		 "INSERT INTO t VALUES (2, 3.4028234e38, 1.7976931348623157e308, 0, 0)",
		 "INSERT INTO t VALUES (3, 1.1754944e-38, 2.2250738585072014e-308, '-0.000000000000000000000000000001', 1)",
		 "INSERT INTO t VALUES (4, -0e0, -0e0, NULL, NULL)", "INSERT INTO t VALUES (5, 1234567.8, 1e23, 1, 1)"});
	const Read read(scratch, "t");
	EXPECT_EQ(read(0, 1).f32, 16777216.0f);
	EXPECT_EQ(read(0, 2).f64, 0.1);
	EXPECT_EQ(read(0, 3).text(), "12345678901234567890123456789012345.123456789012345678901234567890");
	EXPECT_EQ(read(0, 4).text(), "-99999");
	EXPECT_EQ(read(1, 1).f32, 3.4028234e38f);
	EXPECT_EQ(read(1, 2).f64, std::numeric_limits<double>::max());
	EXPECT_EQ(read(2, 1).f32, 1.1754944e-38f);
	EXPECT_EQ(read(2, 2).f64, std::numeric_limits<double>::min());
	EXPECT_EQ(read(2, 3).text(), "-0.000000000000000000000000000001");
	EXPECT_EQ(read(3, 1).f32, 0.0f);
	EXPECT_EQ(read(4, 1).f32, 1234567.8f); // text shows 1234570
	EXPECT_EQ(read(4, 2).f64, 1e23);
}

TEST(Types, Temporals) {
	Scratch scratch;
	scratch.Run(
		{"SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
		 "CREATE TABLE t (k int PRIMARY KEY, d date, dt datetime(6), ts timestamp(6) NULL, tm time(6), t0 time, dt3 "
		 "datetime(3))",
		 "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00', '-838:59:59', '838:59:59', '0000-00-00')",
		 "INSERT INTO t VALUES (2, '2020-00-10', '2020-00-10 01:02:03.000004', '1970-01-01 00:00:01', "
		 "'-00:00:00.000001', '00:00:00', "
		 "'2020-02-31 23:59:59.999')",
		 "INSERT INTO t VALUES (3, '9999-12-31', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999', "
		 "'34:22:33.123456', "
		 "'-24:00:00', '1000-01-01')",
		 "INSERT INTO t VALUES (4, NULL, NULL, NULL, NULL, NULL, NULL)",
		 "INSERT INTO t VALUES (5, '0001-01-01', '2024-03-31 02:30:00', '2024-03-31 02:30:00', '00:00:00', "
		 "'-00:00:01', '2024-01-01')"});
	const Read read(scratch, "t");
	ASSERT_EQ(read.batch.rows, 5u);
	ExpectTemporal(read(0, 1), {0, 0, 0, 0, 0, 0, 0, false});
	ExpectTemporal(read(0, 2), {0, 0, 0, 0, 0, 0, 0, false});
	ExpectTemporal(read(0, 3), {0, 0, 0, 0, 0, 0, 0, false});
	ExpectTemporal(read(0, 4), {0, 0, 0, 838, 59, 59, 0, true});
	ExpectTemporal(read(0, 5), {0, 0, 0, 838, 59, 59, 0, false});
	ExpectTemporal(read(1, 1), {2020, 0, 10, 0, 0, 0, 0, false});
	ExpectTemporal(read(1, 2), {2020, 0, 10, 1, 2, 3, 4, false});
	ExpectTemporal(read(1, 3), {1970, 1, 1, 0, 0, 1, 0, false});
	ExpectTemporal(read(1, 4), {0, 0, 0, 0, 0, 0, 1, true});
	ExpectTemporal(read(1, 5), {0, 0, 0, 0, 0, 0, 0, false});
	ExpectTemporal(read(1, 6), {2020, 2, 31, 23, 59, 59, 999000, false});
	ExpectTemporal(read(2, 1), {9999, 12, 31, 0, 0, 0, 0, false});
	ExpectTemporal(read(2, 2), {9999, 12, 31, 23, 59, 59, 999999, false});
	ExpectTemporal(read(2, 3), {2038, 1, 19, 3, 14, 7, 999999, false});
	ExpectTemporal(read(2, 4), {0, 0, 0, 34, 22, 33, 123456, false});
	ExpectTemporal(read(2, 5), {0, 0, 0, 24, 0, 0, 0, true});
	for (size_t i = 1; i <= 6; ++i)
		EXPECT_EQ(read(3, i).kind, CellKind::null);
	ExpectTemporal(read(4, 1), {1, 1, 1, 0, 0, 0, 0, false});
	ExpectTemporal(read(4, 2), {2024, 3, 31, 2, 30, 0, 0, false}); // does not exist in many zones
	ExpectTemporal(read(4, 3), {2024, 3, 31, 2, 30, 0, 0, false});
	ExpectTemporal(read(4, 5), {0, 0, 0, 0, 0, 1, 0, true});
}

TEST(Types, Bytes) {
	Scratch scratch;
	scratch.Run(
		{"CREATE TABLE t (k int PRIMARY KEY, c char(10), v varchar(50), l varchar(50) CHARACTER SET latin1, x text, "
		 "b binary(4), vb varbinary(8), bl blob, b1 bit(1), b9 bit(9), b64 bit(64), e enum('a','b''c'), s "
		 "set('x','y','z'), "
		 "j json, g geometry)",
		 "INSERT INTO t VALUES (1, 'ab  ', 'a\xF0\x9F\x98\x80 ', 'caf\xC3\xA9', '', 'a', x'00ff00', x'', b'1', "
		 "b'100000001', "
		 "b'1000000000000000000000000000000000000000000000000000000000000010', 'b''c', 'x,z', '{\"a\": [1, null]}', "
		 "ST_GeomFromText('POINT(1 2)', 4326))",
		 "INSERT INTO t (k) VALUES (2)"});
	const Read read(scratch, "t");
	EXPECT_EQ(read(0, 1).text(), "ab"); // MySQL strips the padding of CHAR
	EXPECT_EQ(read(0, 2).text(), "a\xF0\x9F\x98\x80 ");
	EXPECT_EQ(read(0, 3).text(), "caf\xC3\xA9");
	EXPECT_EQ(read(0, 4).kind, CellKind::bytes);
	EXPECT_EQ(read(0, 4).text(), "");
	EXPECT_EQ(read(0, 5).text(), std::string("a\0\0\0", 4));
	EXPECT_EQ(read(0, 6).text(), std::string("\0\xff\0", 3));
	EXPECT_EQ(read(0, 7).kind, CellKind::bytes);
	EXPECT_EQ(read(0, 7).text(), "");
	EXPECT_EQ(read(0, 8).text(), "\x01");
	EXPECT_EQ(read(0, 9).text(), "\x01\x01");
	EXPECT_EQ(read(0, 10).text(), std::string("\x80\0\0\0\0\0\0\x02", 8));
	EXPECT_EQ(read(0, 11).text(), "b'c");
	EXPECT_EQ(read(0, 12).text(), "x,z");
	EXPECT_EQ(read(0, 13).text(), "{\"a\": [1, null]}");
	ASSERT_EQ(read(0, 14).text().size(), 25u); // SRID, then WKB
	EXPECT_EQ(read(0, 14).text().substr(0, 9), std::string("\xE6\x10\0\0\x01\x01\0\0\0", 9));
	for (size_t i = 1; i <= 14; ++i)
		EXPECT_EQ(read(1, i).kind, CellKind::null);
}

TEST(Types, OfMariaDb) {
	if (!ServerIsMariaDb())
		GTEST_SKIP() << "types of MariaDB only";
	Scratch scratch;
	scratch.Run({"CREATE TABLE t (k int PRIMARY KEY, u uuid, i4 inet4, i6 inet6, j json)",
				 "INSERT INTO t VALUES (1, '123E4567-e89b-12d3-a456-426655440000', '10.0.0.255', "
				 "'2001:db8::ff00:42:8329', '[1,  2]')"});
	const Read read(scratch, "t");
	EXPECT_EQ(read(0, 1).text(), "123e4567-e89b-12d3-a456-426655440000");
	EXPECT_EQ(read(0, 2).text(), "10.0.0.255");
	EXPECT_EQ(read(0, 3).text(), "2001:db8::ff00:42:8329");
	EXPECT_EQ(read(0, 4).text(), "[1,  2]");
}

TEST(Types, Vector) {
	Connection probe(ServerOptions());
	if (probe.version_number() < (probe.mariadb() ? 110700u : 90000u))
		GTEST_SKIP() << probe.version() << " has no vectors";
	Scratch scratch;
	scratch.Run({"CREATE TABLE t (k int PRIMARY KEY, v vector(2))",
				 probe.mariadb() ? "INSERT INTO t VALUES (1, VEC_FromText('[1,-2]'))"
								 : "INSERT INTO t VALUES (1, STRING_TO_VECTOR('[1,-2]'))"});
	const Read read(scratch, "t");
	const float wanted[2] = {1, -2};
	EXPECT_EQ(read(0, 1).text(), std::string_view(reinterpret_cast<const char *>(wanted), sizeof(wanted)));
}

TEST(Types, EveryLengthArrivesWhole) {
	Scratch scratch;
	const std::string unit = "0123456789abcdef";
	const size_t lengths[] = {0,
							  1,
							  15,
							  255,
							  4095,
							  4096,
							  4097,
							  65535,
							  65536,
							  (1u << 20) + 1,
							  (1u << 24) - 1,
							  1u << 24,
							  (1u << 24) + 5,
							  size_t{64} << 20};
	scratch.Run({"CREATE TABLE t (k int PRIMARY KEY, b longblob, t longtext, n int)"});
	for (const size_t length : lengths) {
		const std::string value = "LEFT(REPEAT('" + unit + "', " + std::to_string(length / unit.size() + 1) + "), " +
								  std::to_string(length) + ")";
		scratch.Run({"INSERT INTO t VALUES (" + std::to_string(length) + ", " + value + ", " + value + ", 7)"});
	}
	const Read read(scratch, "t");
	ASSERT_EQ(read.batch.rows, std::size(lengths));
	for (size_t row = 0; row < std::size(lengths); ++row)
		for (size_t column = 1; column <= 2; ++column) {
			const std::string_view text = read(row, column).text();
			ASSERT_EQ(text.size(), lengths[row]);
			size_t wrong = 0;
			for (size_t i = 0; i < text.size(); ++i)
				wrong += text[i] != unit[i % unit.size()];
			EXPECT_EQ(wrong, 0u) << lengths[row];
			EXPECT_EQ(read(row, 3).i64, 7);
		}
}

TEST(RowStream, WithoutColumnsCountsRows) {
	Scratch scratch;
	scratch.Run({"CREATE TABLE t (k int)", "INSERT INTO t VALUES (1), (2), (3)"});
	core::RowBatch batch;
	RowStream stream(scratch.admin(), mysql::SelectStatement(scratch.name(), "t", {}), {});
	while (stream.Fetch(batch))
		;
	EXPECT_EQ(batch.rows, 3u);
	EXPECT_EQ(batch.cells.size(), 0u);
	EXPECT_FALSE(stream.Fetch(batch)) << "the end stays the end";
}

TEST(RowStream, RefusesOtherTypesThanDeclared) {
	Connection connection(ServerOptions());
	const auto read = [&](const std::string &sql, const std::string &type) {
		return ErrorOf([&] { RowStream stream(connection, sql, {Type(type)}); }).code();
	};
	EXPECT_EQ(read("SELECT 'text'", "int"), Code::source_error);
	EXPECT_EQ(read("SELECT CAST(1 AS SIGNED)", "int unsigned"), Code::source_error);
	EXPECT_EQ(read("SELECT CAST(1 AS SIGNED)", "varchar(10)"), Code::source_error);
	EXPECT_EQ(read("SELECT 1, 2", "int"), Code::internal);
	EXPECT_TRUE(connection.Ping()) << "the refused results were read off";
}

TEST(RowStream, ErrorsOfPrepareAndExecute) {
	Connection connection(ServerOptions());
	EXPECT_EQ(ErrorOf([&] { RowStream stream(connection, "SELECT * FROM mysql.no_such", {}); }).code(),
			  Code::source_error);
	core::RowBatch batch;
	const core::Error late =
		ErrorOf([&] { RowStream(connection, "SELECT (SELECT 1 UNION SELECT 2)", {Type("bigint")}).Fetch(batch); });
	EXPECT_EQ(late.code(), Code::source_error) << late.what();
	EXPECT_TRUE(connection.Ping());
}

} // namespace alkconv::live
