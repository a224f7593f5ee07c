// Regime: C++ (may throw, never calls Postgres)
//
// Queries that one connection answers one after another in a thread, while the backend does something else: the
// source's digests are computed while its rows are being loaded. Results are small and kept as text.
#pragma once

#include "mysql/connection.hpp"
#include "mysql/descriptor.hpp"
#include "mysql/task.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace alkconv::mysql {

class QueryList {
public:
	// Starts at once. `connection` outlives the list and belongs to it until ended() is true or the list is destroyed,
	// which breaks off a running query by interrupting the connection. All answers have one shape.
	QueryList(Connection &connection, std::vector<std::string> queries, AnswerShape shape);

	// Whether the result of a query is there, or will never be: take() does not block.
	bool ready(size_t index) const noexcept;
	// Whether all queries were answered, or one failed: the connection is free.
	bool ended() const noexcept;
	// Becomes readable when ready() or ended() may have changed; acknowledge() empties it.
	int wait_fd() const noexcept { return event_.get(); }
	void acknowledge() noexcept { event_.Drain(); }

	// The result of a query that is ready(). Raises what the first failing query raised when this one was not answered.
	const TextResult &Take(size_t index);

private:
	void Run();

	const Descriptor event_ = Descriptor::Event();
	Connection &connection_;
	const std::vector<std::string> queries_;
	const AnswerShape shape_;
	std::vector<TextResult> results_; // below answered_: ready
	std::atomic<size_t> answered_{0};
	std::atomic<bool> ended_{false};
	std::unique_ptr<Task> task_; // joined first
};

} // namespace alkconv::mysql
