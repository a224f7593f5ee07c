// Regime: C++ (may throw, never calls Postgres)
//
// The canonical text of scalar cells: what input functions and text columns get, and what messages show. Numbers are written as
// Postgres writes them (shortest text that denotes the same FLOAT or DOUBLE; of FLOAT(M,D) what the source shows, D digits after the point), dates and times as both servers do, a TIMESTAMP with
// "+00" because it denotes an instant.
#pragma once

#include "core/types.hpp"
#include "core/value.hpp"

#include <cstddef>
#include <cstdint>

namespace alkconv::core {

// Enough for every text below; the longest is the largest double with its sign, 309 digits and 30 more after the point.
constexpr size_t kMaxRendered = 344;

// Each writes at `out` (kMaxRendered bytes) and returns the end; nullptr when the bytes of a BIT do not have the length of its type.
// Precondition: CellFits(CellKindsOf(source), cell), and not null.
using RenderFunction = char *(*) (const SourceType &, const Cell &, char *out) noexcept;

char *RenderInteger(const SourceType &, const Cell &, char *out) noexcept;
char *RenderYear(const SourceType &, const Cell &, char *out) noexcept; // 4 digits
char *RenderFloat(const SourceType &, const Cell &, char *out) noexcept;
char *RenderDouble(const SourceType &, const Cell &, char *out) noexcept;
char *RenderDate(const SourceType &, const Cell &, char *out) noexcept;
char *RenderDateTime(const SourceType &, const Cell &, char *out) noexcept; // the column's digits of the fraction
char *RenderTimestamp(const SourceType &, const Cell &, char *out) noexcept;
char *RenderTime(const SourceType &, const Cell &, char *out) noexcept;
char *RenderBits(const SourceType &, const Cell &, char *out) noexcept;		 // binary digits, as many as the type has
char *RenderBitNumber(const SourceType &, const Cell &, char *out) noexcept; // the bits as an unsigned number

// The kinds of cell in which values of the type arrive, as a set of bits (1 << CellKind).
uint32_t CellKindsOf(const SourceType &source) noexcept;
// True when the cell is null or of such a kind.
inline bool CellFits(uint32_t kinds, const Cell &cell) noexcept {
	return ((kinds | 1u << static_cast<unsigned>(CellKind::null)) >> static_cast<unsigned>(cell.kind) & 1) != 0;
}

// The one for the type, or nullptr for types whose cells are text or bytes already.
RenderFunction RenderFor(const SourceType &source) noexcept;

} // namespace alkconv::core
