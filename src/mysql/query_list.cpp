// Regime: C++ (may throw, never calls Postgres)
//
// The thread that asks, and who may look at what: results below answered_ are the reader's, the others the thread's.
#include "mysql/query_list.hpp"

#include <utility>

namespace alkconv::mysql {

namespace {

// Says so however the work ends.
class Ending {
public:
	Ending(std::atomic<bool> &ended, const Descriptor &event) noexcept : ended_(ended), event_(event) {}
	~Ending() {
		ended_.store(true, std::memory_order_release);
		event_.Signal();
	}

private:
	std::atomic<bool> &ended_;
	const Descriptor &event_;
};

} // namespace

QueryList::QueryList(Connection &connection, std::vector<std::string> queries, AnswerShape shape)
	: connection_(connection), queries_(std::move(queries)), shape_(shape), results_(queries_.size()) {
	task_ = std::make_unique<Task>([this] { Run(); }, [this] { connection_.interrupt(); });
}

void QueryList::Run() {
	const Ending ending(ended_, event_);
	for (size_t i = 0; i < queries_.size(); ++i) {
		results_[i] = connection_.Query(queries_[i], shape_);
		answered_.store(i + 1, std::memory_order_release);
		event_.Signal();
	}
}

bool QueryList::ready(size_t index) const noexcept {
	return index < answered_.load(std::memory_order_acquire) || ended();
}

bool QueryList::ended() const noexcept { return ended_.load(std::memory_order_acquire); }

const TextResult &QueryList::Take(size_t index) {
	if (index >= answered_.load(std::memory_order_acquire)) {
		task_->Finish();
		throw core::Error(core::Code::internal,
						  "a query of a list was not answered"); // its failure has been raised already
	}
	return results_.at(index);
}

} // namespace alkconv::mysql
