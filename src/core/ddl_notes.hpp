// Regime: C++ (may throw, never calls Postgres)
//
// Notes for readers of a plan or a report. Hundreds of other names say one thing, and would hide what a DBA has to
// decide.
#pragma once

#include "core/ddl.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace alkconv::core {

// Other names of one kind stand by themselves up to so many.
constexpr size_t kFewRenames = 3;

// The notes of `ddl`, with one for all other names of a kind ("renamed index") where they are more than a few. It is
// about `database`, its text counts them, and its source lists them, a line each: TABLE.NAME: OTHER NAME.
std::vector<DdlNote> SummarizedNotes(const Ddl &ddl, const std::string &database);

// Whether a note is about other names alone.
bool IsRename(const DdlNote &note) noexcept;

} // namespace alkconv::core
