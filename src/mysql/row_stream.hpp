// Regime: C++ (may throw, never calls Postgres)
//
// A SELECT as a stream of cells: prepared statement, binary protocol, unbuffered. Values of any length arrive whole.
// Every fetch status other than "row" and "end" is an Error.
#pragma once

#include "core/batch.hpp"
#include "mysql/connection.hpp"

#include <memory>
#include <string>
#include <vector>

namespace alkconv::mysql {

class RowStream {
public:
	// Prepares and executes `sql`; `types` says how to read each column (size = number of columns).
	RowStream(Connection &connection, const std::string &sql, const std::vector<core::SourceType> &types);
	~RowStream(); // the rest of an unfinished result is read off the wire, unless the connection was interrupted
	RowStream(const RowStream &) = delete;
	RowStream &operator=(const RowStream &) = delete;

	// Appends one row of cells to the batch. False at the end of data.
	// Raises Error(connection_lost) or source_error; never takes either for the end.
	bool Fetch(core::RowBatch &batch);

	// True after the end of the data or an error of the server: there is nothing left on the wire.
	bool ended() const noexcept;
	// Of the values fetched so far: their length, or 8 for numbers and temporals.
	uint64_t bytes() const noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

} // namespace alkconv::mysql
