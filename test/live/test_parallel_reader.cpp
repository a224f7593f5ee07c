// Regime: C++ (may throw, never calls Postgres)
//
// Several connections for one writer: the same rows in the same order and the same first error, however many there are; and queries that are
// answered ahead.
#include "live.hpp"
#include "mysql/parallel_reader.hpp"
#include "mysql/query_list.hpp"
#include "mysql/snapshot.hpp"

#include <chrono>
#include <thread>

#include <poll.h>

namespace alkconv::live {

using core::Code;
using core::Poll;
using mysql::Connection;
using mysql::ParallelReader;
using mysql::QueryList;
using mysql::Snapshot;

namespace {

// t (id int primary key, pad varchar(1000)) with kRows rows.
constexpr int kRows = 60000;

class ParallelReaderTest : public testing::TestWithParam<size_t> {
protected:
	static void SetUpTestSuite() {
		scratch = new Scratch;
		scratch->Run({"CREATE TABLE t (id int PRIMARY KEY, pad varchar(1000))", "INSERT INTO t VALUES (0, 'first')"});
		for (int rows = 1; rows < kRows; rows *= 2)
			scratch->Run({"INSERT INTO t SELECT id + " + std::to_string(rows) +
						  ", REPEAT(CHAR(97 + id % 26), id % 1000) "
						  "FROM t WHERE id + " +
						  std::to_string(rows) + " < " + std::to_string(kRows)});
	}
	static void TearDownTestSuite() {
		delete scratch;
		scratch = nullptr;
	}

	static core::TablePlan Plan() {
		core::TablePlan plan;
		plan.source_name = plan.target_name = "t";
		plan.key = {0};
		core::ColumnPlan id, pad;
		id.source_name = id.target_name = "id";
		id.source_type = core::ParseSourceType("int", "", "");
		id.target_type.kind = core::PgKind::int4;
		pad.source_name = pad.target_name = "pad";
		pad.source_type = core::ParseSourceType("varchar(1000)", "utf8mb4", "");
		pad.target_type.kind = core::PgKind::text;
		for (core::ColumnPlan *column : {&id, &pad}) {
			column->conversion = core::ChooseConversion(column->source_type, column->target_type, {});
			plan.columns.push_back(*column);
		}
		return plan;
	}

	// `ranges` statements of equal numbers of rows; `column` stands for pad.
	static std::vector<std::string> Ranges(int ranges, const std::string &column = "pad") {
		std::vector<std::string> statements;
		const int size = kRows / ranges;
		for (int i = 0; i < ranges; ++i)
			statements.push_back("SELECT id, " + column + " FROM t WHERE id >= " + std::to_string(i * size) +
								 (i + 1 == ranges ? "" : " AND id < " + std::to_string((i + 1) * size)) +
								 " ORDER BY id");
		return statements;
	}

	// The reader's connections, on one snapshot.
	struct Source {
		Snapshot snapshot;
		explicit Source(size_t connections) : snapshot(scratch->options(), {connections, true}) {}
		std::vector<Connection *> all() {
			std::vector<Connection *> connections;
			for (size_t i = 0; i < snapshot.size(); ++i)
				connections.push_back(&snapshot.connection(i));
			return connections;
		}
	};

	// Takes all batches of a table up to its end, an error or a fault; the ids must be 0, 1, 2 ...
	struct Taken {
		Poll last;
		int rows = 0, wrong = 0;
		std::string fault;
	};
	static Taken Take(ParallelReader &reader) {
		Taken taken;
		core::RowBatch *batch = nullptr;
		while ((taken.last = Next(reader, &batch)) == Poll::batch) {
			for (size_t i = 0; i < batch->rows; ++i)
				taken.wrong += batch->value(i, 0).i64 != taken.rows + static_cast<int>(i);
			taken.rows += static_cast<int>(batch->rows);
			if (batch->fault) {
				taken.fault = batch->fault->message();
				break;
			}
			reader.recycle(batch);
		}
		return taken;
	}

	static Scratch *scratch;
};
Scratch *ParallelReaderTest::scratch = nullptr;

} // namespace

TEST_P(ParallelReaderTest, TablesAndRangesInOrder) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	{
		ParallelReader reader(
			source.all(), {{&plan, Ranges(7)}, {&plan, {"SELECT id, pad FROM t WHERE id < 0"}}, {&plan, Ranges(1)}});
		for (const int rows : {kRows, 0, kRows}) {
			reader.next_table();
			const Taken taken = Take(reader);
			EXPECT_EQ(taken.last, Poll::end);
			EXPECT_EQ(taken.rows, rows);
			EXPECT_EQ(taken.wrong, 0);
			EXPECT_EQ(reader.bytes() > static_cast<uint64_t>(kRows), rows > 0);
			EXPECT_EQ(reader.bytes() < static_cast<uint64_t>(kRows) * 600, true);
		}
	}
	EXPECT_EQ(ExtraThreads(), 0u);
	for (Connection *connection : source.all())
		EXPECT_TRUE(connection->Ping()) << "all connections are free again";
}

TEST_P(ParallelReaderTest, ConnectionsReadAheadOfTheWriter) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	ParallelReader reader(source.all(), {{&plan, Ranges(4)}});
	reader.next_table();
	core::RowBatch *batch = nullptr;
	ASSERT_EQ(Next(reader, &batch), Poll::batch);
	reader.recycle(batch);
	// as many ranges as there are connections are under way, and one more has been read whole at most
	uint64_t before = 0;
	for (int quiet = 0; quiet < 5; quiet = reader.bytes() == before ? quiet + 1 : 0) {
		before = reader.bytes();
		std::this_thread::sleep_for(std::chrono::milliseconds(100));
	}
	constexpr uint64_t kAllBytes = uint64_t{kRows} * (8 + 500);
	if (GetParam() == 1)
		EXPECT_LT(before, kAllBytes / 2);
	else
		EXPECT_GT(before, kAllBytes / 4 + kAllBytes / 8);
	EXPECT_EQ(Take(reader).last, Poll::end);
}

TEST_P(ParallelReaderTest, AsNeededTheOthersWaitForAWriterThatWaits) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	const auto read_ahead = [](ParallelReader &reader) {
		uint64_t before = 0;
		for (int quiet = 0; quiet < 5; quiet = reader.bytes() == before ? quiet + 1 : 0) {
			before = reader.bytes();
			std::this_thread::sleep_for(std::chrono::milliseconds(100));
		}
		return before;
	};
	constexpr uint64_t kRangeBytes = uint64_t{kRows} * (8 + 500) / 6;
	{
		ParallelReader reader(source.all(), {{&plan, Ranges(6)}}, ParallelReader::Use::as_needed);
		reader.next_table();
		core::RowBatch *batch = nullptr;
		ASSERT_EQ(Next(reader, &batch), Poll::batch);
		const int first = static_cast<int>(batch->rows);
		reader.recycle(batch);
		EXPECT_LT(read_ahead(reader), kRangeBytes + kRangeBytes / 2)
			<< "the writer has rows: nobody reads the second range";
		const Taken taken = Take(reader);
		EXPECT_EQ(taken.last, Poll::end);
		EXPECT_EQ(first + taken.rows, kRows);
	}
	{
		// a slow statement, for a writer that does nothing but wait
		std::vector<std::string> statements = Ranges(6);
		statements[0] = "SELECT id, IF(id % 500 = 0, CONCAT(pad, IF(SLEEP(0.05), 'x', '')), pad) FROM t WHERE id < " +
						std::to_string(kRows / 6) + " ORDER BY id";
		ParallelReader reader(source.all(), {{&plan, statements}}, ParallelReader::Use::as_needed);
		reader.next_table();
		core::RowBatch *batch = nullptr;
		int rows = 0;
		for (; rows < kRows / 8; rows += static_cast<int>(batch->rows), reader.recycle(batch))
			ASSERT_EQ(Next(reader, &batch), Poll::batch);
		if (GetParam() == 1)
			EXPECT_LT(read_ahead(reader), kRangeBytes + kRangeBytes / 2);
		else
			EXPECT_GT(read_ahead(reader), kRangeBytes + kRangeBytes / 2) << "the next range is being read";
		while (Next(reader, &batch) == Poll::batch) {
			rows += static_cast<int>(batch->rows);
			reader.recycle(batch);
		}
		EXPECT_EQ(rows, kRows);
	}
}

TEST_P(ParallelReaderTest, TheFirstErrorInOrderIsRaised) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	std::vector<std::string> statements = Ranges(6);
	statements[3] = "SELECT id, nothing FROM t";
	statements[5] = "SELECT id, nothing_else FROM t";
	ParallelReader reader(source.all(), {{&plan, statements}});
	reader.next_table();
	const Taken taken = Take(reader);
	EXPECT_EQ(taken.last, Poll::failed);
	EXPECT_EQ(taken.rows, kRows / 2);
	EXPECT_EQ(taken.wrong, 0);
	EXPECT_EQ(reader.error().code(), Code::source_error);
	EXPECT_EQ(reader.error().message().find("nothing_else"), std::string::npos) << reader.error().message();
	core::RowBatch *batch = nullptr;
	EXPECT_EQ(reader.try_next(&batch), Poll::failed) << "a failure stays one";
}

TEST_P(ParallelReaderTest, TheFirstFaultInOrderIsRaised) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	ParallelReader reader(source.all(), {{&plan, Ranges(6, "IF(id IN (25000, 59000), 'a\\0b', pad)")}});
	reader.next_table();
	const Taken taken = Take(reader);
	EXPECT_EQ(taken.last, Poll::batch);
	EXPECT_EQ(taken.rows, 25000);
	EXPECT_EQ(taken.wrong, 0);
	EXPECT_NE(taken.fault, "");
}

TEST_P(ParallelReaderTest, KilledConnectionIsNoEnd) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	ParallelReader reader(source.all(), {{&plan, Ranges(4, "CONCAT(pad, REPEAT('y', 4000))")}});
	reader.next_table();
	core::RowBatch *batch = nullptr;
	ASSERT_EQ(Next(reader, &batch), Poll::batch);
	const int before = static_cast<int>(batch->rows);
	reader.recycle(batch);
	for (size_t i = 0; i < source.snapshot.size(); ++i)
		scratch->admin().Execute("KILL " + std::to_string(source.snapshot.connection(i).id()));
	Poll last;
	int rows = before;
	while ((last = Next(reader, &batch)) == Poll::batch) {
		rows += static_cast<int>(batch->rows);
		reader.recycle(batch);
	}
	EXPECT_EQ(last, Poll::failed);
	EXPECT_LT(rows, kRows);
	EXPECT_EQ(reader.error().code(), Code::connection_lost) << reader.error().what();
}

TEST_P(ParallelReaderTest, DroppedReaderLeavesNoThread) {
	Source source(GetParam());
	const core::TablePlan plan = Plan();
	const double seconds = Seconds([&] {
		ParallelReader reader(source.all(), {{&plan, Ranges(4, "CONCAT(pad, SLEEP(id > 100))")}});
		reader.next_table();
		core::RowBatch *batch = nullptr;
		EXPECT_EQ(reader.try_next(&batch), Poll::empty);
		std::this_thread::sleep_for(std::chrono::milliseconds(200));
	});
	EXPECT_LT(seconds, 10);
	EXPECT_EQ(ExtraThreads(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Connections, ParallelReaderTest, testing::Values(1, 2, 4));

namespace {

constexpr mysql::AnswerShape kAnyAnswer = {"a test", mysql::AnswerShape::kByName, mysql::AnswerRows::any};

void WaitFor(QueryList &list, size_t index) {
	while (!list.ready(index)) {
		pollfd ready = {list.wait_fd(), POLLIN, 0};
		ASSERT_GT(poll(&ready, 1, 20000), 0);
		list.acknowledge();
	}
}

} // namespace

TEST(QueryList, AnswersComeOneByOne) {
	Connection connection(ServerOptions());
	{
		QueryList list(connection, {"SELECT 1", "SELECT 2", "SELECT SLEEP(1), 3"}, kAnyAnswer);
		WaitFor(list, 1);
		EXPECT_EQ(list.Take(1).rows[0][0], "2");
		EXPECT_EQ(list.Take(0).rows[0][0], "1");
		EXPECT_FALSE(list.ended());
		WaitFor(list, 2);
		EXPECT_EQ(list.Take(2).rows[0][1], "3");
		while (!list.ended())
			std::this_thread::yield();
	}
	EXPECT_EQ(ExtraThreads(), 0u);
	EXPECT_TRUE(connection.Ping());
}

TEST(QueryList, FailureIsRaisedForWhatItKept) {
	Connection connection(ServerOptions());
	QueryList list(connection, {"SELECT 1", "SELECT nothing", "SELECT 3"}, kAnyAnswer);
	WaitFor(list, 2);
	EXPECT_EQ(list.Take(0).rows[0][0], "1");
	EXPECT_EQ(ErrorOf([&] { list.Take(2); }).code(), Code::source_error);
	EXPECT_EQ(ErrorOf([&] { list.Take(1); }).code(), Code::internal) << "never an empty answer";
}

TEST(QueryList, DroppedListLeavesNoThread) {
	Connection connection(ServerOptions());
	const double seconds = Seconds([&] { QueryList list(connection, {"SELECT SLEEP(30)", "SELECT 1"}, kAnyAnswer); });
	EXPECT_LT(seconds, 10);
	EXPECT_EQ(ExtraThreads(), 0u);
}

} // namespace alkconv::live
