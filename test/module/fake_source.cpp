// Regime: C++ (may throw, never calls Postgres)
//
// Generated rows.
#include "fake_source.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>

#include <sys/timerfd.h>
#include <unistd.h>

namespace alkconv::test {
namespace {

using core::CellKind;
using core::MySqlKind;

core::Cell Bytes(std::string_view text, core::Arena &arena) {
	core::Cell cell = {};
	cell.kind = CellKind::bytes;
	cell.in_arena = true;
	char *data = arena.AllocateBytes(text.size());
	if (data == nullptr)
		throw std::bad_alloc();
	memcpy(data, text.data(), text.size());
	cell.bytes.data = data;
	cell.bytes.size = text.size();
	return cell;
}

core::Cell Integer(uint64_t number, const core::SourceType &type) {
	core::Cell cell = {};
	cell.kind = type.is_unsigned ? CellKind::uint64 : CellKind::int64;
	if (type.is_unsigned)
		cell.u64 = number;
	else
		cell.i64 = static_cast<int64_t>(number);
	return cell;
}

// Four years of 365 days, so that no calendar is needed here: every date it makes exists.
core::Cell Moment(uint64_t row) {
	static constexpr uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	core::Cell cell = {};
	cell.kind = CellKind::temporal;
	auto day = static_cast<unsigned>(row % 365);
	unsigned month = 0;
	while (day >= kDays[month])
		day -= kDays[month++];
	cell.temporal.year = static_cast<uint16_t>(2000 + row / 365 % 100);
	cell.temporal.month = static_cast<uint8_t>(month + 1);
	cell.temporal.day = static_cast<uint8_t>(day + 1);
	cell.temporal.hour = static_cast<uint16_t>(row % 24);
	cell.temporal.minute = static_cast<uint8_t>(row % 60);
	cell.temporal.second = static_cast<uint8_t>(row / 60 % 60);
	return cell;
}

void KeepDate(core::Temporal &temporal) {
	temporal.hour = 0;
	temporal.minute = temporal.second = 0;
}

void KeepTime(core::Temporal &temporal) {
	temporal.year = 0;
	temporal.month = temporal.day = 0;
}

} // namespace

core::Cell FakeSource::Generate(uint64_t row, size_t column, const core::SourceType &type, core::Arena &arena) {
	core::Cell cell = {};
	if (column > 0 && row % 7 == 6) {
		cell.kind = CellKind::null;
		return cell;
	}
	char text[64];
	switch (type.kind) {
	case MySqlKind::tinyint: return Integer(type.display_width == 1 ? row % 2 : row % 128, type);
	case MySqlKind::smallint: return Integer(row % 32768, type);
	case MySqlKind::mediumint: return Integer(row % 8388608, type);
	case MySqlKind::int_: return Integer(row % 2147483648U, type);
	case MySqlKind::bigint: return Integer(row, type);
	case MySqlKind::year: return Integer(1970 + row % 100, type);
	case MySqlKind::float_:
		cell.kind = CellKind::float32;
		cell.f32 = static_cast<float>(row % 1000000) / 4;
		return cell;
	case MySqlKind::double_:
		cell.kind = CellKind::float64;
		cell.f64 = static_cast<double>(row % 1000000) / 4;
		return cell;
	case MySqlKind::date:
		cell = Moment(row);
		KeepDate(cell.temporal);
		return cell;
	case MySqlKind::datetime:
	case MySqlKind::timestamp: return Moment(row);
	case MySqlKind::time:
		cell = Moment(row);
		KeepTime(cell.temporal);
		return cell;
	case MySqlKind::decimal:
		snprintf(text, sizeof text, "%llu.%0*d", static_cast<unsigned long long>(row % 1000),
				 static_cast<int>(type.scale), 0);
		if (type.scale == 0)
			*strchr(text, '.') = '\0';
		return Bytes(text, arena);
	case MySqlKind::bit: text[0] = static_cast<char>(row % 2); return Bytes(std::string_view(text, 1), arena);
	case MySqlKind::json:
		snprintf(text, sizeof text, "{\"row\": %llu}", static_cast<unsigned long long>(row));
		return Bytes(text, arena);
	case MySqlKind::enum_:
	case MySqlKind::set:
		return Bytes(type.labels.empty() ? std::string_view() : type.labels[row % type.labels.size()], arena);
	case MySqlKind::char_:
	case MySqlKind::uuid:
		if (type.kind == MySqlKind::uuid || type.length == 36) {
			snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx",
					 static_cast<unsigned long long>(row & 0xffffffffffffULL));
			return Bytes(text, arena);
		}
		break;
	default: break;
	}
	snprintf(text, sizeof text, "row %llu", static_cast<unsigned long long>(row));
	return Bytes(text, arena);
}

FakeSource::FakeSource(core::RowConverter &converter, FakeScript script)
	: converter_(converter), script_(std::move(script)),
	  timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
	if (timer_ < 0)
		throw std::system_error(errno, std::generic_category(), "timerfd_create");
}

FakeSource::~FakeSource() { close(timer_); }

core::Poll FakeSource::try_next(core::RowBatch **batch) noexcept {
	try {
		return Fill(batch);
	} catch (const core::Error &error) {
		error_ = error;
	} catch (const std::exception &error) {
		error_.emplace(core::Code::internal, error.what());
	}
	return core::Poll::failed;
}

core::Poll FakeSource::Fill(core::RowBatch **batch) {
	if (next_row_ >= script_.stall_after)
		return core::Poll::empty; // and the timer is never set
	if (next_row_ >= script_.fail_after)
		throw core::Error(core::Code::connection_lost, "fake source lost its connection")
			.Detail("After row " + std::to_string(next_row_) + ".");
	if (next_row_ >= script_.rows)
		return core::Poll::end;
	if (script_.pause > 0 && !paused_) {
		const itimerspec when = {{0, 0}, {script_.pause / 1000, static_cast<long>(script_.pause % 1000) * 1000000L}};
		timerfd_settime(timer_, 0, &when, nullptr);
		paused_ = true;
		return core::Poll::empty;
	}
	if (paused_) {
		itimerspec left;
		timerfd_gettime(timer_, &left);
		if (left.it_value.tv_sec != 0 || left.it_value.tv_nsec != 0)
			return core::Poll::empty; // asked again before its time
		paused_ = false;
	}
	if (idle_.empty()) {
		batches_.push_back(std::make_unique<core::RowBatch>());
		idle_.reserve(batches_.size());
		idle_.push_back(batches_.back().get());
	}
	core::RowBatch *filled = idle_.back();
	idle_.pop_back();
	filled->Clear();
	filled->columns = converter_.columns().size();
	const uint64_t end =
		std::min({script_.rows, script_.fail_after, script_.stall_after, next_row_ + script_.batch_rows});
	while (next_row_ < end)
		Append(*filled);
	converter_.Convert(*filled);
	*batch = filled;
	return core::Poll::batch;
}

void FakeSource::Append(core::RowBatch &batch) {
	for (size_t column = 0; column < batch.columns; ++column) {
		if (next_row_ == script_.odd_row && column == script_.odd_column) {
			core::Cell odd = {};
			odd.kind = CellKind::null;
			batch.cells.push_back(script_.odd_text.has_value() ? Bytes(*script_.odd_text, batch.arena) : odd);
		} else {
			batch.cells.push_back(Generate(next_row_, column, converter_.columns()[column].source, batch.arena));
		}
	}
	++batch.rows;
	++next_row_;
}

void FakeSource::recycle(core::RowBatch *batch) noexcept {
	idle_.push_back(batch); // within what Fill has reserved
}

int FakeSource::wait_fd() const noexcept { return timer_; }

void FakeSource::acknowledge() noexcept {
	uint64_t expirations;
	(void) !read(timer_, &expirations, sizeof expirations);
}

const core::Error &FakeSource::error() const noexcept { return *error_; }
uint64_t FakeSource::bytes() const noexcept { return next_row_ * converter_.columns().size() * sizeof(int64_t); }
uint64_t FakeSource::touched(size_t column) const noexcept { return converter_.touched(column); }

} // namespace alkconv::test
