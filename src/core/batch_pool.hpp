// Regime: C++ (may throw, never calls Postgres)
//
// Batches that go round between readers and the writer, whichever reader fills them: memory that was touched a moment ago is in the
// processor's cache, and new memory costs the kernel a page fault for every 4 kB.
#pragma once

#include "core/batch.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace alkconv::core {

// Safe to use from several threads.
class BatchPool {
public:
	// An empty batch: the one that was given back last, or a new one. Raises std::bad_alloc.
	std::unique_ptr<RowBatch> Take();
	// For a batch of Take, whatever it holds. Needs no memory.
	void GiveBack(std::unique_ptr<RowBatch> batch) noexcept;
	// Frees what is not in use.
	void Clear() noexcept;

private:
	std::mutex mutex_; // guards both
	std::vector<std::unique_ptr<RowBatch>> spare_;
	size_t made_ = 0; // spare_ has room for so many
};

} // namespace alkconv::core
