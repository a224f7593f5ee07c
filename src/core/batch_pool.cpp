// Regime: C++ (may throw, never calls Postgres)
//
// The pool of batches.
#include "core/batch_pool.hpp"

#include <utility>

namespace alkconv::core {

std::unique_ptr<RowBatch> BatchPool::Take() {
	const std::lock_guard<std::mutex> lock(mutex_);
	if (spare_.empty()) {
		spare_.reserve(made_ + 1);
		auto batch = std::make_unique<RowBatch>();
		++made_;
		return batch;
	}
	std::unique_ptr<RowBatch> batch = std::move(spare_.back());
	spare_.pop_back();
	return batch;
}

void BatchPool::GiveBack(std::unique_ptr<RowBatch> batch) noexcept {
	batch->Clear();
	const std::lock_guard<std::mutex> lock(mutex_);
	spare_.push_back(std::move(batch));
}

void BatchPool::Clear() noexcept {
	const std::lock_guard<std::mutex> lock(mutex_);
	spare_.clear();
}

} // namespace alkconv::core
