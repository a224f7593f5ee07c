// Regime: C++ (may throw, never calls Postgres)
//
// A thread that fetches, converts and queues batches of one SELECT, so that the backend converts nothing itself and
// never blocks in the client library: it waits on wait_fd() together with its latch. The thread is created with all
// signals blocked, touches no Postgres, and is joined by the destructor. Queued bytes are bounded (back-pressure), one
// batch of any size is always allowed.
#pragma once

#include "core/batch_pool.hpp"
#include "mysql/connection.hpp"
#include "mysql/descriptor.hpp"
#include "mysql/row_stream.hpp"

#include <memory>
#include <string>

namespace alkconv::mysql {

// What several readers of one writer have in common: an eventfd that each of them signals, and their batches.
struct SharedByReaders {
	const Descriptor event = Descriptor::Event();
	core::BatchPool pool;
};

class Reader final : public core::BatchSource {
public:
	static constexpr size_t kBatchRows = 1000;				  // as COPY's MAX_BUFFERED_TUPLES
	static constexpr size_t kBatchBytes = size_t{256} * 1024; // arena bytes after which a batch is closed
	static constexpr size_t kQueueBytes = size_t{8} * 1024 * 1024;

	// `connection` and `converter` outlive the reader and belong to it until it is destroyed, the connection until
	// released() is true. Up to `queue_bytes` wait for the writer. `shared`, used instead of an event and batches of its
	// own, outlives the reader.
	Reader(Connection &connection, std::string sql, core::RowConverter &converter, size_t queue_bytes = kQueueBytes,
		   SharedByReaders *shared = nullptr);
	// Stops and joins the thread. An unfinished stream is broken off by interrupting the connection, which is useless
	// afterwards; call Cancel() first to keep it.
	~Reader() override;

	core::Poll try_next(core::RowBatch **batch) noexcept override;
	void recycle(core::RowBatch *batch) noexcept override;
	// Whether a batch was handed out and has not been given back.
	bool holds_batches() const noexcept;
	int wait_fd() const noexcept override;
	void acknowledge() noexcept override;
	const core::Error &error() const noexcept override;

	// Ends the stream early with KILL QUERY and leaves the connection usable (its transaction goes on). Blocks until
	// the thread has ended. Returns false when that was not possible; the connection is then useless.
	bool Cancel() noexcept;

	// True once the statement has been read to its very end: the connection is free, though batches may still wait here.
	bool released() noexcept;

	uint64_t bytes() const noexcept override;
	uint64_t touched(size_t rule) const noexcept override;
	uint64_t rows() const noexcept; // fetched so far

private:
	struct State;
	std::unique_ptr<State> state_;
};

} // namespace alkconv::mysql
