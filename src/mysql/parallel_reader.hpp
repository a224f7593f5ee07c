// Regime: C++ (may throw, never calls Postgres)
//
// Several connections of one snapshot read the tables of a run for one writer. Each table is a list of statements (the
// ranges of a key, in key order); the statements of all tables are started in order, each on the next connection that
// is free, and their rows are handed out in order too: which rows the writer gets, in which order and with which first
// error does not depend on the number of connections or on who is faster. Connections read ahead, also into the next
// tables; what waits for the writer is bounded for each statement.
#pragma once

#include "core/plan.hpp"
#include "mysql/reader.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::mysql {

// What to read for one table.
struct TableScan {
	const core::TablePlan *plan = nullptr;	  // outlives the reader
	std::vector<std::string> statements = {}; // at least one SELECT of the plan's columns
	std::vector<uint64_t> compress_above =
		{};					   // of each column: RowConverter::CompressAbove; empty: nothing is compressed
	bool rejects_rows = false; // RowConverter::RejectRows
};

class ParallelReader final : public core::BatchSource {
public:
	// Bytes that wait for the writer, of all statements together.
	static constexpr size_t kReadAheadBytes = size_t{192} * 1024 * 1024;

	// How large a range may be: one that is read ahead fits whole into its share, so that its connection is free for another.
	static constexpr size_t RangeBytes(size_t connections) noexcept { return kReadAheadBytes / (connections + 1); }

	// `connections` (at least one) outlive the reader and belong to it until it is destroyed. With Use::as_needed the first alone reads until the
	// writer has to wait for rows. Nothing is read before the first table is begun.
	enum class Use : uint8_t { all, as_needed };
	ParallelReader(std::vector<Connection *> connections, std::vector<TableScan> scans, Use use = Use::all);
	// Stops and joins all threads. Connections whose statement was unfinished are useless afterwards.
	~ParallelReader() override;

	// Makes the next table of the list the one whose batches are handed out. Call it before the first and after each Poll::end.
	void next_table() noexcept;

	core::Poll try_next(core::RowBatch **batch) noexcept override;
	void recycle(core::RowBatch *batch) noexcept override;
	int wait_fd() const noexcept override;
	void acknowledge() noexcept override;
	const core::Error &error() const noexcept override;
	// Both of the current table.
	uint64_t bytes() const noexcept override;
	uint64_t touched(size_t rule) const noexcept override;

private:
	// One statement that was started and whose rows were not all handed out.
	struct Part {
		Part(size_t position, const TableScan &table, const std::string &statement, Connection *on, size_t queue_bytes,
			 SharedByReaders *shared);
		size_t scan;
		Connection *connection; // null: given back
		std::unique_ptr<core::RowConverter> converter;
		std::unique_ptr<Reader> reader;
	};

	// Another connection pays where the writer waits for rows for most of its time; beside a fast source it would only take
	// the processor from the writer. Once it has paid, all of them are used to the end.
	class WriterWatch {
	public:
		explicit WriterWatch(bool starves) noexcept : starves_(starves) {}
		void WaitsNow() noexcept;
		void WaitsNoLonger() noexcept;
		bool starves() const noexcept { return starves_; }

	private:
		using Clock = std::chrono::steady_clock;
		bool starves_;
		std::optional<Clock::time_point> window_, wait_; // since when
		Clock::duration waited_{};						 // within the window
	};

	void GiveBackConnections() noexcept;
	bool NobodyReads() const noexcept;
	void StartParts();
	bool AllHandedOut() const;
	void Retire(const Part &part) noexcept;

	const std::unique_ptr<SharedByReaders> shared_ = std::make_unique<SharedByReaders>();
	const std::vector<TableScan> scans_;
	const size_t queue_bytes_; // for each part
	const size_t parts_at_once_;
	std::vector<Connection *> idle_;
	size_t scan_ = 0, statement_ = 0; // the next to start
	size_t current_ = 0;			  // the table whose batches are handed out, counted from 1; 0: none yet
	uint64_t bytes_ = 0;			  // of the current table's retired parts
	std::vector<uint64_t> touched_;	  // likewise
	std::optional<core::Error> error_;
	WriterWatch writer_;
	std::deque<Part> ended_; // whose rows were all handed out, in batches that have not all been given back
	std::deque<Part> parts_; // in order; destroyed first
};

} // namespace alkconv::mysql
