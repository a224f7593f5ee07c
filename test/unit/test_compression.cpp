// Regime: C++ (may throw, never calls Postgres)
//
// lz4 in the reader's thread: what is compressed, what stays, and that it comes back.
#include "core/batch.hpp"
#include "core/compression.hpp"
#include "core/value_builders.hpp"

#include <gtest/gtest.h>

#include <lz4.h>

#include <random>

namespace alkconv::core {
namespace {

std::string Incompressible(size_t size) {
	std::mt19937 random(7);
	std::string bytes;
	for (size_t i = 0; i < size; ++i)
		bytes.push_back(static_cast<char>(random()));
	return bytes;
}

std::string Decompressed(const Value &value) {
	std::string plain(value.raw_size, '\0');
	EXPECT_EQ(LZ4_decompress_safe(value.bytes.data, plain.data(), static_cast<int>(value.bytes.size),
								  static_cast<int>(plain.size())),
			  static_cast<int>(plain.size()));
	return plain;
}

TEST(Compression, ComesBack) {
	for (const size_t size : {size_t{64}, size_t{2100}, size_t{300000}, size_t{64} << 20}) {
		Arena arena;
		Value value{};
		const std::string text(size, 'x');
		ASSERT_EQ(CopyBytes(ValueKind::varlena, text, arena, value), Code::ok);
		CompressLz4(value, arena);
		ASSERT_EQ(value.kind, ValueKind::varlena_lz4) << size;
		EXPECT_TRUE(value.in_arena);
		EXPECT_EQ(value.raw_size, size);
		EXPECT_LT(value.bytes.size, size / 2);
		EXPECT_TRUE(Decompressed(value) == text) << size;
	}
}

TEST(Compression, WhatDoesNotShrinkStays) {
	for (const std::string &bytes : {std::string(), std::string(11, 'x'), std::string(14, 'x'), Incompressible(2100),
									 Incompressible(Arena::kChunkBytes), Incompressible(3 * Arena::kChunkBytes)}) {
		Arena arena;
		Value value{};
		ASSERT_EQ(CopyBytes(ValueKind::varlena, bytes, arena, value), Code::ok);
		const size_t used = arena.used();
		CompressLz4(value, arena);
		EXPECT_EQ(value.kind, ValueKind::varlena) << bytes.size();
		EXPECT_EQ(value.text(), bytes);
		EXPECT_EQ(arena.used(), used) << "what was tried is given back";
	}
}

// toast_compress_datum keeps a compressed form of 8 bytes of header and `length` if that is less than the plain payload less 2.
TEST(Compression, TheServersLimit) {
	bool kept = false, left = false;
	for (size_t tail = 0; tail < 40; ++tail) {
		const std::string bytes = Incompressible(200) + std::string(tail, 'x');
		std::vector<char> block(static_cast<size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))));
		const int length = LZ4_compress_default(bytes.data(), block.data(), static_cast<int>(bytes.size()),
												static_cast<int>(block.size()));
		const bool server = static_cast<size_t>(length) + 8 < bytes.size() - 2;
		Arena arena;
		Value value{};
		ASSERT_EQ(CopyBytes(ValueKind::varlena, bytes, arena, value), Code::ok);
		CompressLz4(value, arena);
		EXPECT_EQ(value.kind == ValueKind::varlena_lz4, server) << tail;
		(server ? kept : left) = true;
	}
	EXPECT_TRUE(kept && left);
}

TEST(Compression, OnlyLongValuesOfTheColumn) {
	ConverterColumn column;
	column.source_name = column.target_name = "c";
	column.source = ParseSourceType("longtext", "utf8mb4", "");
	column.target.kind = PgKind::text;
	column.conversion = ChooseConversion(column.source, column.target, {});
	RowConverter converter("t", {column, column}, {});
	converter.CompressAbove(1, 100);
	RowBatch batch;
	batch.columns = 2;
	for (const size_t size : {size_t{100}, size_t{101}}) {
		for (int copy = 0; copy < 2; ++copy) {
			Cell cell{};
			cell.kind = CellKind::bytes;
			cell.in_arena = true;
			char *const bytes = batch.arena.AllocateBytes(size);
			std::memset(bytes, 'x', size);
			cell.bytes = {bytes, size};
			batch.cells.push_back(cell);
		}
		++batch.rows;
	}
	converter.Convert(batch);
	ASSERT_FALSE(batch.fault);
	EXPECT_EQ(batch.value(0, 0).kind, ValueKind::varlena);
	EXPECT_EQ(batch.value(0, 1).kind, ValueKind::varlena);
	EXPECT_EQ(batch.value(1, 0).kind, ValueKind::varlena);
	EXPECT_EQ(batch.value(1, 1).kind, ValueKind::varlena_lz4);
	EXPECT_EQ(Decompressed(batch.value(1, 1)), std::string(101, 'x'));
}

} // namespace
} // namespace alkconv::core
