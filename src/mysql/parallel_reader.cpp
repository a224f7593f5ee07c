// Regime: C++ (may throw, never calls Postgres)
//
// Readers in a row: one for each statement that is being read. Everything here happens in the writer's thread; the
// readers' threads know nothing of each other and share one eventfd.
#include "mysql/parallel_reader.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace alkconv::mysql {

// A single connection has nobody to read ahead of.
ParallelReader::ParallelReader(std::vector<Connection *> connections, std::vector<TableScan> scans, Use use)
	: scans_(std::move(scans)),
	  queue_bytes_(connections.size() == 1 ? Reader::kQueueBytes : RangeBytes(connections.size())),
	  parts_at_once_(connections.size() + 1), idle_(connections.rbegin(), connections.rend()),
	  writer_(use == Use::all) {}

ParallelReader::~ParallelReader() = default;

ParallelReader::Part::Part(size_t position, const TableScan &table, const std::string &statement, Connection *on,
						   size_t queue_bytes, SharedByReaders *shared)
	: scan(position), connection(on),
	  converter(std::make_unique<core::RowConverter>(core::MakeRowConverter(*table.plan))) {
	for (size_t column = 0; column < table.compress_above.size(); ++column)
		converter->CompressAbove(column, table.compress_above[column]);
	if (table.rejects_rows)
		converter->RejectRows();
	reader = std::make_unique<Reader>(*connection, statement, *converter, queue_bytes, shared);
}

void ParallelReader::next_table() noexcept {
	++current_;
	bytes_ = 0;
	touched_.clear();
}

void ParallelReader::GiveBackConnections() noexcept {
	for (Part &part : parts_)
		if (part.connection != nullptr && part.reader->released()) {
			idle_.push_back(part.connection); // its capacity was that of all connections from the start
			part.connection = nullptr;
		}
}

void ParallelReader::WriterWatch::WaitsNow() noexcept {
	if (!wait_)
		wait_ = Clock::now();
}

// Time counts from the first rows on: what came before them is the start of a statement.
void ParallelReader::WriterWatch::WaitsNoLonger() noexcept {
	// On two processors that both servers share one reader keeps the writer waiting for 55 % of the time where rows are narrow, and a second one
	// slows both down; where rows are wide it is 85 %, and a second one gains a quarter.
	constexpr auto kWindow = std::chrono::milliseconds(150);
	constexpr int kMuch = 75; // per cent
	if (!wait_ || starves_)
		return;
	const Clock::time_point now = Clock::now();
	waited_ += now - *wait_;
	wait_.reset();
	const Clock::duration window = now - window_.value_or(now);
	if (window_ && window < kWindow)
		return;
	starves_ = window_ && 100 * waited_ > kMuch * window;
	window_ = now;
	waited_ = {};
}

bool ParallelReader::NobodyReads() const noexcept {
	return std::none_of(parts_.begin(), parts_.end(), [](const Part &part) { return part.connection != nullptr; });
}

void ParallelReader::StartParts() {
	while ((writer_.starves() || NobodyReads()) && !idle_.empty() && parts_.size() < parts_at_once_ &&
		   scan_ < scans_.size()) {
		const TableScan &scan = scans_[scan_];
		parts_.emplace_back(scan_, scan, scan.statements[statement_], idle_.back(), queue_bytes_, shared_.get());
		idle_.pop_back();
		if (++statement_ == scan.statements.size()) {
			statement_ = 0;
			++scan_;
		}
	}
}

// Whether the current table's statements have all been started, and all that were have been used up.
bool ParallelReader::AllHandedOut() const {
	const size_t current = current_ - 1;
	if (!parts_.empty())
		return parts_.front().scan != current;
	if (scan_ <= current)
		throw core::Error(core::Code::internal, "no connection is left to read the rest of a table");
	return true;
}

void ParallelReader::Retire(const Part &part) noexcept {
	bytes_ += part.reader->bytes();
	for (size_t rule = 0; rule < touched_.size(); ++rule)
		touched_[rule] += part.reader->touched(rule);
}

core::Poll ParallelReader::try_next(core::RowBatch **batch) noexcept {
	if (error_)
		return core::Poll::failed;
	try {
		touched_.resize(core::CountedRules(*scans_[current_ - 1].plan));
		for (;;) {
			GiveBackConnections();
			StartParts();
			if (AllHandedOut()) {
				if (scan_ == scans_.size() && parts_.empty())
					shared_->pool.Clear();
				return core::Poll::end;
			}
			const Part &part = parts_.front();
			const core::Poll poll = part.reader->try_next(batch);
			poll == core::Poll::empty ? writer_.WaitsNow() : writer_.WaitsNoLonger();
			if (poll == core::Poll::failed)
				error_ = part.reader->error();
			if (poll != core::Poll::end)
				return poll;
			Retire(part);
			GiveBackConnections(); // the end may be younger than the look above
			if (part.reader->holds_batches())
				ended_.push_back(std::move(parts_.front()));
			parts_.pop_front();
		}
	} catch (const core::Error &e) {
		error_ = e;
	} catch (const std::bad_alloc &) {
		error_.emplace(core::Code::out_of_memory, "out of memory");
	} catch (const std::exception &e) {
		error_.emplace(core::Code::internal, e.what());
	}
	return core::Poll::failed;
}

// It is the first part's, or that of an earlier one: a part goes only when all its batches have been used. A reader leaves batches alone that are
// none of its own.
void ParallelReader::recycle(core::RowBatch *batch) noexcept {
	if (!parts_.empty())
		parts_.front().reader->recycle(batch);
	for (Part &part : ended_)
		part.reader->recycle(batch);
	while (!ended_.empty() && !ended_.front().reader->holds_batches())
		ended_.pop_front();
}

int ParallelReader::wait_fd() const noexcept { return shared_->event.get(); }
void ParallelReader::acknowledge() noexcept { shared_->event.Drain(); }

const core::Error &ParallelReader::error() const noexcept {
	static const core::Error none(core::Code::internal, "the reader has not failed");
	return error_ ? *error_ : none;
}

uint64_t ParallelReader::bytes() const noexcept {
	uint64_t bytes = bytes_;
	for (const Part &part : parts_)
		if (part.scan == current_ - 1)
			bytes += part.reader->bytes();
	return bytes;
}

uint64_t ParallelReader::touched(size_t rule) const noexcept { return rule < touched_.size() ? touched_[rule] : 0; }

} // namespace alkconv::mysql
