// Regime: C++ (may throw, never calls Postgres)
//
// Batches that go round.
#include "core/batch_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace alkconv::core {

TEST(BatchPool, TheLastOneGivenBackComesFirstAndEmpty) {
	BatchPool pool;
	std::unique_ptr<RowBatch> first = pool.Take(), second = pool.Take();
	const RowBatch *const last = second.get();
	second->rows = 1;
	second->values.resize(3);
	second->arena.Allocate(10);
	second->fault.emplace(Code::internal, "x");
	pool.GiveBack(std::move(first));
	pool.GiveBack(std::move(second));
	const std::unique_ptr<RowBatch> again = pool.Take();
	EXPECT_EQ(again.get(), last);
	EXPECT_EQ(again->rows, 0u);
	EXPECT_TRUE(again->values.empty());
	EXPECT_EQ(again->arena.used(), 0u);
	EXPECT_FALSE(again->fault);
}

TEST(BatchPool, ClearedItMakesNewOnes) {
	BatchPool pool;
	std::unique_ptr<RowBatch> kept = pool.Take();
	pool.GiveBack(pool.Take());
	pool.Clear();
	pool.GiveBack(std::move(kept));
	EXPECT_NE(pool.Take(), nullptr);
	EXPECT_NE(pool.Take(), nullptr);
}

TEST(BatchPool, ThreadsShareIt) {
	BatchPool pool;
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; ++i)
		threads.emplace_back([&pool] {
			for (int round = 0; round < 1000; ++round) {
				std::unique_ptr<RowBatch> a = pool.Take(), b = pool.Take();
				a->rows = b->rows = 1;
				pool.GiveBack(std::move(a));
				pool.GiveBack(std::move(b));
			}
		});
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(pool.Take()->rows, 0u);
}

} // namespace alkconv::core
