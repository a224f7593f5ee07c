// Regime: C++ (may throw, never calls Postgres)
//
// Names that occur twice in an object of JSON text that only the server can read: text that JsonValidator does not accept, because it is long or
// deep, reaches jsonb_in, which keeps the last of such members without a word.
#pragma once

#include "core/status.hpp"

#include <string_view>

namespace alkconv::core {

// duplicate_member, out_of_memory, or ok: no object has two members of one name, or the text is no JSON, which the input function says. Any bytes
// may be given; nesting is limited by memory alone.
Code CheckMembers(std::string_view json) noexcept;

} // namespace alkconv::core
