// Regime: C++ (may throw, never calls Postgres)
//
// The reader thread: rows in order, back-pressure, cancellation, broken links, no thread left behind.
#include "live.hpp"
#include "mysql/catalog.hpp"
#include "mysql/reader.hpp"
#include "mysql/snapshot.hpp"
#include "mysql/sql.hpp"

#include <chrono>
#include <optional>
#include <thread>

namespace alkconv::live {

using core::Code;
using core::Poll;
using mysql::Connection;
using mysql::Reader;
using mysql::SslMode;

namespace {

constexpr size_t kRows = 100000;

// t (id int primary key, pad varchar(200)): enough rows that a server cannot have sent them all before anybody reads.
class ReaderTest : public testing::Test {
protected:
	static void SetUpTestSuite() {
		scratch = new Scratch;
		scratch->Run(
			{"CREATE TABLE t (id int PRIMARY KEY, pad varchar(1000))",
			 "INSERT INTO t SELECT a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000, REPEAT('x', 1000) FROM " +
				 Digits("a") + ", " + Digits("b") + ", " + Digits("c") + ", " + Digits("d") + ", " + Digits("e")});
	}
	static void TearDownTestSuite() {
		delete scratch;
		scratch = nullptr;
	}
	static std::string Digits(const std::string &alias) {
		std::string rows = "SELECT 0 AS n";
		for (int i = 1; i < 10; ++i)
			rows += " UNION ALL SELECT " + std::to_string(i);
		return "(" + rows + ") " + alias;
	}

	static core::RowConverter Converter(const std::string &pad_target = "text") {
		core::TargetType int4, text;
		int4.kind = core::PgKind::int4;
		int4.text = "integer";
		text.kind = core::PgKind::text;
		text.text = pad_target;
		const core::SourceType id = core::ParseSourceType("int", "", ""),
							   pad = core::ParseSourceType("varchar(1000)", "utf8mb4", "");
		return core::RowConverter("t",
								  {{"id", "id", id, int4, core::ChooseConversion(id, int4, {}), true},
								   {"pad", "pad", pad, text, core::ChooseConversion(pad, text, {}), false}},
								  {0});
	}
	static const std::string Sql() {
		return "SELECT id, pad FROM " + mysql::QualifiedTable(scratch->name(), "t") + " ORDER BY id";
	}

	static Scratch *scratch;
};
Scratch *ReaderTest::scratch = nullptr;

} // namespace

TEST_F(ReaderTest, AllRowsInOrder) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	size_t rows = 0, batches = 0, wrong = 0;
	{
		Reader reader(connection, Sql(), converter);
		core::RowBatch *batch = nullptr;
		Poll result;
		while ((result = Next(reader, &batch)) == Poll::batch) {
			ASSERT_FALSE(batch->fault.has_value());
			EXPECT_LE(batch->rows, Reader::kBatchRows);
			for (size_t i = 0; i < batch->rows; ++i)
				wrong += batch->value(i, 0).i64 != static_cast<int64_t>(rows + i) ||
						 batch->value(i, 1).text().size() != 1000;
			rows += batch->rows;
			++batches;
			reader.recycle(batch);
		}
		EXPECT_EQ(result, Poll::end);
		EXPECT_EQ(reader.rows(), kRows);
		EXPECT_EQ(reader.bytes(), kRows * (8 + 1000));
		EXPECT_EQ(Next(reader, &batch), Poll::end) << "the end stays the end";
	}
	EXPECT_EQ(rows, kRows);
	EXPECT_EQ(wrong, 0u);
	EXPECT_GT(batches, kRows / Reader::kBatchRows);
	EXPECT_EQ(ExtraThreads(), 0u);
	EXPECT_TRUE(connection.Ping()) << "the connection is free again";
}

TEST_F(ReaderTest, EmptyResult) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, "SELECT id, pad FROM " + mysql::QualifiedTable(scratch->name(), "t") + " WHERE id < 0",
				  converter);
	core::RowBatch *batch = nullptr;
	EXPECT_EQ(Next(reader, &batch), Poll::end);
}

TEST_F(ReaderTest, QueueIsBounded) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, Sql(), converter);
	uint64_t before = 0;
	for (int quiet = 0; quiet < 5; quiet = reader.rows() == before && before > 0 ? quiet + 1 : 0) {
		before = reader.rows();
		std::this_thread::sleep_for(std::chrono::milliseconds(100));
	}
	EXPECT_LE(reader.bytes(), Reader::kQueueBytes + 2 * Reader::kBatchBytes);
	EXPECT_LT(reader.rows(), kRows);
}

TEST_F(ReaderTest, ReaderThatIsDroppedLeavesNoThread) {
	for (const SslMode mode : {SslMode::disabled, SslMode::preferred}) {
		mysql::ConnectOptions options = scratch->options();
		options.ssl_mode = mode;
		Connection connection(options);
		core::RowConverter converter = Converter();
		const double seconds = Seconds([&] {
			Reader reader(connection, Sql(), converter);
			core::RowBatch *batch = nullptr;
			EXPECT_EQ(Next(reader, &batch), Poll::batch);
		});
		EXPECT_LT(seconds, 5);
		EXPECT_EQ(ExtraThreads(), 0u);
		EXPECT_FALSE(connection.Ping());
	}
}

TEST_F(ReaderTest, ReaderDroppedWhileTheServerIsSilent) {
	uint64_t id;
	{
		Connection connection(scratch->options());
		id = connection.id();
		core::RowConverter converter = Converter();
		const double seconds = Seconds([&] {
			Reader reader(connection, "SELECT id, SLEEP(30) FROM t", converter);
			std::this_thread::sleep_for(std::chrono::milliseconds(300));
		});
		EXPECT_LT(seconds, 5);
		EXPECT_EQ(ExtraThreads(), 0u);
	}
	EXPECT_TRUE(ConnectionIsGone(id)) << "the server must not go on with it";
}

TEST_F(ReaderTest, CancelKeepsTheTransaction) {
	for (const int batches : {0, 1, 3}) {
		mysql::Snapshot snapshot(scratch->options(), {});
		Connection &connection = snapshot.connection();
		core::RowConverter converter = Converter();
		scratch->Run({"INSERT INTO t VALUES (1000000, '')"});
		{
			Reader reader(connection, Sql(), converter);
			core::RowBatch *batch = nullptr;
			for (int i = 0; i < batches; ++i)
				ASSERT_EQ(Next(reader, &batch), Poll::batch);
			EXPECT_TRUE(reader.Cancel());
		}
		EXPECT_EQ(ExtraThreads(), 0u);
		// Still the snapshot of before the insert, on the same connection.
		EXPECT_EQ(Ask(connection, "SELECT COUNT(*) FROM t").rows[0][0], std::to_string(kRows));
		EXPECT_EQ(Ask(connection, "SELECT CONNECTION_ID()").rows[0][0], std::to_string(connection.id()));
		scratch->Run({"DELETE FROM t WHERE id = 1000000"});
	}
}

TEST_F(ReaderTest, CancelAfterTheEnd) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, "SELECT id, pad FROM t WHERE id < 10", converter);
	core::RowBatch *batch = nullptr;
	EXPECT_EQ(Next(reader, &batch), Poll::batch);
	EXPECT_EQ(Next(reader, &batch), Poll::end);
	EXPECT_TRUE(reader.Cancel());
	EXPECT_TRUE(connection.Ping());
}

TEST_F(ReaderTest, KilledConnectionIsNoEnd) {
	for (const SslMode mode : {SslMode::disabled, SslMode::preferred}) {
		mysql::ConnectOptions options = scratch->options();
		options.ssl_mode = mode;
		Connection connection(options), other(ServerOptions());
		core::RowConverter converter = Converter();
		Reader reader(connection, Sql(), converter);
		core::RowBatch *batch = nullptr;
		ASSERT_EQ(Next(reader, &batch), Poll::batch);
		other.Execute("KILL " + std::to_string(connection.id()));
		Poll result;
		size_t rows = batch->rows;
		reader.recycle(batch);
		while ((result = Next(reader, &batch)) == Poll::batch) {
			rows += batch->rows;
			reader.recycle(batch);
		}
		ASSERT_EQ(result, Poll::failed);
		EXPECT_EQ(reader.error().code(), Code::connection_lost) << reader.error().what();
		EXPECT_LT(rows, kRows);
		EXPECT_FALSE(reader.Cancel());
	}
}

TEST_F(ReaderTest, KilledQueryIsNoEnd) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, Sql(), converter);
	core::RowBatch *batch = nullptr;
	ASSERT_EQ(Next(reader, &batch), Poll::batch);
	ASSERT_TRUE(mysql::KillQuery(scratch->options(), connection.mark()));
	Poll result;
	do
		reader.recycle(batch);
	while ((result = Next(reader, &batch)) == Poll::batch);
	ASSERT_EQ(result, Poll::failed);
	EXPECT_EQ(reader.error().code(), Code::source_error) << reader.error().what();
	EXPECT_TRUE(reader.Cancel());
	EXPECT_TRUE(connection.Ping()) << "the connection survives KILL QUERY";
}

TEST_F(ReaderTest, ErrorOfTheServerInMidStreamIsNoEnd) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	// Fails at row 50000: a subquery that gives two rows.
	Reader reader(connection,
				  "SELECT id, IF(id = 50000, (SELECT x.pad FROM (SELECT 'a' AS pad UNION SELECT 'b') x WHERE id >= 0), "
				  "pad) FROM t ORDER BY id",
				  converter);
	core::RowBatch *batch = nullptr;
	Poll result;
	size_t rows = 0;
	while ((result = Next(reader, &batch)) == Poll::batch) {
		rows += batch->rows;
		reader.recycle(batch);
	}
	ASSERT_EQ(result, Poll::failed);
	EXPECT_EQ(reader.error().code(), Code::source_error) << reader.error().what();
	EXPECT_LE(rows, 50000u);
}

TEST_F(ReaderTest, FaultOfAValueStopsTheStream) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, "SELECT id, IF(id = 1500, 'a\\0b', pad) FROM t ORDER BY id", converter);
	core::RowBatch *batch = nullptr;
	size_t rows = 0;
	Poll result;
	while ((result = Next(reader, &batch)) == Poll::batch && !batch->fault) {
		rows += batch->rows;
		reader.recycle(batch);
	}
	ASSERT_EQ(result, Poll::batch);
	EXPECT_EQ(rows + batch->rows, 1500u);
	EXPECT_EQ(batch->fault->code(), Code::nul_in_text) << batch->fault->what();
	EXPECT_TRUE(reader.Cancel());
	EXPECT_TRUE(connection.Ping());
}

TEST_F(ReaderTest, WrongStatementFails) {
	Connection connection(scratch->options());
	core::RowConverter converter = Converter();
	Reader reader(connection, "SELECT id, nothing FROM t", converter);
	core::RowBatch *batch = nullptr;
	EXPECT_EQ(Next(reader, &batch), Poll::failed);
	EXPECT_EQ(reader.error().code(), Code::source_error);
}

} // namespace alkconv::live
