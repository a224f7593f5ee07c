// Regime: C++ (may throw, never calls Postgres)
//
// The thread behind Reader and the queue between it and the writer.
//
// One mutex guards the queue; it is held for a few instructions only. The thread owns the connection, the stream and
// the converter until it has ended; the writer's side touches them only after joining it.
#include "mysql/reader.hpp"

#include "mysql/quiet_thread.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <vector>

namespace alkconv::mysql {

namespace {

size_t BatchBytes(const core::RowBatch &batch) noexcept {
	return batch.arena.used() + batch.cells.size() * sizeof(core::Cell) + batch.values.size() * sizeof(core::Value);
}

constexpr std::chrono::milliseconds kKillAgain(100);

// A KILL QUERY that came too late may be waiting for the next statement: let it have one.
bool AbsorbKill(Connection &connection) noexcept {
	for (int attempt = 0; attempt < 3; ++attempt)
		try {
			connection.Execute("DO 0");
			return true;
		} catch (const core::Error &e) {
			if (e.code() == core::Code::connection_lost)
				return false;
		} catch (const std::exception &) {
			return false;
		}
	return false;
}

} // namespace

struct Reader::State {
	struct Queued {
		std::unique_ptr<core::RowBatch> batch;
		size_t bytes;
	};

	Connection &connection;
	const std::string sql;
	core::RowConverter &converter;
	const size_t queue_limit;
	const Descriptor own_event; // these two: unused where readers share one
	core::BatchPool own_pool;
	const Descriptor &event;
	core::BatchPool &pool;
	std::unique_ptr<RowStream> stream; // the thread's; after the thread: unfinished when not null

	std::mutex mutex;			  // guards from here ...
	std::condition_variable room; // there is room, or nobody needs it any more
	std::deque<Queued> queue;
	size_t queued_bytes = 0;
	std::vector<std::unique_ptr<core::RowBatch>> handed_out;
	bool finished = false;				// nothing will be queued any more
	std::optional<core::Error> failure; // ... to here

	std::atomic<bool> stop{false};
	std::atomic<uint64_t> bytes{0}, rows{0};
	bool broken = false; // the connection is useless; known after the thread has ended
	const core::Error none{core::Code::internal, "the reader has not failed"};
	std::thread thread;

	State(Connection &c, std::string s, core::RowConverter &r, size_t limit, SharedByReaders *shared)
		: connection(c), sql(std::move(s)), converter(r), queue_limit(limit),
		  own_event(shared == nullptr ? Descriptor::Event() : Descriptor()),
		  event(shared == nullptr ? own_event : shared->event), pool(shared == nullptr ? own_pool : shared->pool) {}

	void Run() noexcept;
	void Read();
	bool WaitForRoom();
	bool Fill(core::RowBatch &batch);
	void Push(std::unique_ptr<core::RowBatch> batch);
	void Finish(std::optional<core::Error> why) noexcept;
	void Join() noexcept {
		if (thread.joinable())
			thread.join();
	}
	void Stop() noexcept;
	bool WaitUntilFinished(std::chrono::milliseconds limit) noexcept;
	bool Kill() const noexcept { return KillQuery(connection.options(), connection.mark()); }
};

void Reader::State::Run() noexcept {
	std::optional<core::Error> why;
	try {
		Read();
	} catch (const core::Error &e) {
		why = e;
	} catch (const std::bad_alloc &) {
		// short enough to need no memory
		why.emplace(core::Code::out_of_memory, "out of memory");
	} catch (const std::exception &e) {
		why.emplace(core::Code::internal, e.what());
	}
	if (stream && stream->ended())
		stream.reset();
	Finish(std::move(why));
}

void Reader::State::Read() {
	std::vector<core::SourceType> types;
	for (const core::ConverterColumn &column : converter.columns())
		types.push_back(column.source);
	stream = std::make_unique<RowStream>(connection, sql, types);
	bool more = true;
	while (more && WaitForRoom()) {
		std::unique_ptr<core::RowBatch> batch = pool.Take();
		more = Fill(*batch);
		if (stop.load(std::memory_order_relaxed))
			return;
		converter.Convert(*batch);
		const bool fault = batch->fault.has_value();
		if (fault || batch->rows > 0 || !batch->rejected.empty())
			Push(std::move(batch));
		if (fault)
			return; // the writer raises it; the rest of the stream is dealt with by Cancel() or the destructor
	}
}

bool Reader::State::WaitForRoom() {
	std::unique_lock<std::mutex> lock(mutex);
	room.wait(lock, [this] { return stop.load() || queue.empty() || queued_bytes < queue_limit; });
	return !stop.load();
}

// Fetches until the batch is full. False at the end of the data.
bool Reader::State::Fill(core::RowBatch &batch) {
	batch.columns = converter.columns().size();
	const auto account = [&] {
		bytes.store(stream->bytes(), std::memory_order_relaxed);
		rows.fetch_add(batch.rows, std::memory_order_relaxed);
	};
	while (batch.rows < kBatchRows && batch.arena.used() < kBatchBytes && !stop.load(std::memory_order_relaxed))
		if (!stream->Fetch(batch)) {
			account();
			return false;
		}
	account();
	return true;
}

void Reader::State::Push(std::unique_ptr<core::RowBatch> batch) {
	const size_t size = BatchBytes(*batch);
	{
		const std::lock_guard<std::mutex> lock(mutex);
		queue.push_back({std::move(batch), size});
		queued_bytes += size;
		handed_out.reserve(handed_out.size() + queue.size()); // try_next() must not fail for want of memory
	}
	event.Signal();
}

void Reader::State::Finish(std::optional<core::Error> why) noexcept {
	{
		const std::lock_guard<std::mutex> lock(mutex);
		broken = why.has_value() && why->code() == core::Code::connection_lost;
		failure = std::move(why);
		finished = true;
	}
	room.notify_all();
	event.Signal();
}

void Reader::State::Stop() noexcept {
	{
		const std::lock_guard<std::mutex> lock(mutex);
		stop.store(true);
	}
	room.notify_all();
}

bool Reader::State::WaitUntilFinished(std::chrono::milliseconds limit) noexcept {
	std::unique_lock<std::mutex> lock(mutex);
	return room.wait_for(lock, limit, [this] { return finished; });
}

Reader::Reader(Connection &connection, std::string sql, core::RowConverter &converter, size_t queue_bytes,
			   SharedByReaders *shared)
	: state_(std::make_unique<State>(connection, std::move(sql), converter, queue_bytes, shared)) {
	state_->thread = StartQuietThread([state = state_.get()] { state->Run(); });
}

Reader::~Reader() {
	bool finished;
	{
		const std::lock_guard<std::mutex> lock(state_->mutex);
		finished = state_->finished;
	}
	state_->Stop();
	if (!finished || state_->stream)
		state_->connection.interrupt();
	state_->Join();
}

core::Poll Reader::try_next(core::RowBatch **batch) noexcept {
	State &state = *state_;
	{
		const std::lock_guard<std::mutex> lock(state.mutex);
		if (state.queue.empty())
			return !state.finished ? core::Poll::empty : state.failure ? core::Poll::failed : core::Poll::end;
		State::Queued next = std::move(state.queue.front());
		state.queue.pop_front();
		state.queued_bytes -= next.bytes;
		*batch = next.batch.get();
		state.handed_out.push_back(std::move(next.batch));
	}
	state.room.notify_one();
	return core::Poll::batch;
}

void Reader::recycle(core::RowBatch *batch) noexcept {
	State &state = *state_;
	std::unique_ptr<core::RowBatch> used;
	{
		const std::lock_guard<std::mutex> lock(state.mutex);
		const auto found = std::find_if(state.handed_out.begin(), state.handed_out.end(),
										[=](const std::unique_ptr<core::RowBatch> &b) { return b.get() == batch; });
		if (found == state.handed_out.end())
			return;
		used = std::move(*found);
		state.handed_out.erase(found);
	}
	state.pool.GiveBack(std::move(used));
}

bool Reader::holds_batches() const noexcept {
	const std::lock_guard<std::mutex> lock(state_->mutex);
	return !state_->handed_out.empty();
}

int Reader::wait_fd() const noexcept { return state_->event.get(); }
void Reader::acknowledge() noexcept { state_->event.Drain(); }

const core::Error &Reader::error() const noexcept {
	const std::lock_guard<std::mutex> lock(state_->mutex);
	const std::optional<core::Error> &failure = state_->failure;
	return failure ? *failure : state_->none;
}

bool Reader::Cancel() noexcept {
	State &state = *state_;
	state.Stop();
	bool killed = false, reachable = true;
	while (reachable && !state.WaitUntilFinished(killed ? kKillAgain : std::chrono::milliseconds(0)))
		killed = reachable = state.Kill();
	if (!reachable)
		state.connection.interrupt();
	state.Join();
	if (reachable && state.stream) {
		// A kill that came between two statements has no effect: the stream may still be running at full length.
		killed = reachable = state.Kill();
		if (!reachable)
			state.connection.interrupt();
	}
	state.stream.reset(); // reads up to the error that KILL QUERY left in the stream
	return reachable && !state.broken && (!killed || AbsorbKill(state.connection));
}

bool Reader::released() noexcept {
	State &state = *state_;
	{
		const std::lock_guard<std::mutex> lock(state.mutex);
		if (!state.finished || state.failure)
			return false;
	}
	state.Join(); // it has nothing left to do
	return !state.stream;
}

uint64_t Reader::bytes() const noexcept { return state_->bytes.load(std::memory_order_relaxed); }
uint64_t Reader::touched(size_t rule) const noexcept { return state_->converter.touched(rule); }
uint64_t Reader::rows() const noexcept { return state_->rows.load(std::memory_order_relaxed); }

} // namespace alkconv::mysql
