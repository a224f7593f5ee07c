// Regime: C++ (may throw, never calls Postgres)
//
// A source of generated rows for tests of the loader: deterministic, without a thread and without MySQL. It obeys the
// same contract as mysql::Reader, its waits included: try_next says `empty`, and wait_fd() becomes readable later, or
// never.
#pragma once

#include "core/batch.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::test {

// What the source does. Rows count from 0.
struct FakeScript {
	static constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

	uint64_t rows = 0;			   // then Poll::end
	uint64_t batch_rows = 1000;	   // per batch; the last one has what is left
	uint64_t fail_after = kNever;  // rows handed out before Poll::failed (connection_lost)
	uint64_t stall_after = kNever; // rows handed out before it never says anything again
	uint32_t pause = 0;			   // milliseconds of `empty` before each batch
	// One cell that differs from the generated ones: NULL without a text. For values that do not convert, NOT NULL,
	// CHECK.
	uint64_t odd_row = kNever;
	size_t odd_column = 0;
	std::optional<std::string> odd_text;
};

class FakeSource final : public core::BatchSource {
public:
	// `converter` outlives the source. Cells are generated for its source types: see Generate.
	FakeSource(core::RowConverter &converter, FakeScript script);
	~FakeSource() override;
	FakeSource(const FakeSource &) = delete;
	FakeSource &operator=(const FakeSource &) = delete;

	core::Poll try_next(core::RowBatch **batch) noexcept override;
	void recycle(core::RowBatch *batch) noexcept override;
	int wait_fd() const noexcept override;
	void acknowledge() noexcept override;
	const core::Error &error() const noexcept override;
	uint64_t bytes() const noexcept override;
	uint64_t touched(size_t column) const noexcept override;

	// The text or number of a cell as a function of row and column alone: integers `row` (bounded by the type's size),
	// floats row / 4, dates from 2000-01-01 on, uuids 00000000-0000-4000-8000-<row>, other text "row <row>"; NULL in
	// every seventh row of every column but the first.
	static core::Cell Generate(uint64_t row, size_t column, const core::SourceType &type, core::Arena &arena);

private:
	core::Poll Fill(core::RowBatch **batch);
	void Append(core::RowBatch &batch);

	core::RowConverter &converter_;
	const FakeScript script_;
	uint64_t next_row_ = 0;
	bool paused_ = false;
	int timer_; // readable when a pause is over
	std::optional<core::Error> error_;
	std::vector<std::unique_ptr<core::RowBatch>> batches_; // all that exist
	std::vector<core::RowBatch *> idle_;				   // of these, given back
};

} // namespace alkconv::test
