// What the tests of the record share: a tree computed straight from RFC 6962 section 2.1, a log
// kept in memory, and the published vectors.
#pragma once

#include "base/json.hpp"
#include "crypto/hash.hpp"
#include "record/tiles.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

namespace comity::record::test {

inline Digest digest_of(std::string_view hex) {
    return digest_from(from_hex(hex).value()).value();
}

inline Bytes entry(std::uint64_t index) {
    // Lengths from 0 to some hundred bytes; number 7 of each hundred is empty.
    if (index % 100 == 7) return {};
    return "entry " + std::to_string(index) + std::string(index % 89, 'x');
}

inline std::vector<Bytes> entries(std::uint64_t from, std::uint64_t to) {
    std::vector<Bytes> out;
    for (std::uint64_t i = from; i < to; ++i)
        out.push_back(entry(i));
    return out;
}

inline std::vector<Digest> leaf_hashes(std::uint64_t count) {
    std::vector<Digest> out;
    for (std::uint64_t i = 0; i < count; ++i)
        out.push_back(crypto::merkle_leaf(entry(i)));
    return out;
}

using Leaves = std::span<const Digest>;

/// MTH(D[n]) as the RFC defines it, by recursion.
inline Digest plain_root(Leaves leaves) {
    if (leaves.empty()) return crypto::sha256({});
    if (leaves.size() == 1) return leaves[0];
    const std::size_t k = std::bit_floor(leaves.size() - 1);
    return crypto::merkle_node(plain_root(leaves.first(k)), plain_root(leaves.subspan(k)));
}

/// PATH(m, D[n]).
inline std::vector<Digest> plain_path(std::size_t m, Leaves leaves) {
    if (leaves.size() <= 1) return {};
    const std::size_t k = std::bit_floor(leaves.size() - 1);
    auto path = m < k ? plain_path(m, leaves.first(k)) : plain_path(m - k, leaves.subspan(k));
    path.push_back(plain_root(m < k ? leaves.subspan(k) : leaves.first(k)));
    return path;
}

/// SUBPROOF(m, D[n], b).
inline std::vector<Digest> plain_subproof(std::size_t m, Leaves leaves, bool is_whole) {
    if (m == leaves.size())
        return is_whole ? std::vector<Digest>{} : std::vector<Digest>{plain_root(leaves)};
    const std::size_t k = std::bit_floor(leaves.size() - 1);
    std::vector<Digest> proof;
    if (m <= k) {
        proof = plain_subproof(m, leaves.first(k), is_whole);
        proof.push_back(plain_root(leaves.subspan(k)));
    } else {
        proof = plain_subproof(m - k, leaves.subspan(k), false);
        proof.push_back(plain_root(leaves.first(k)));
    }
    return proof;
}

/// Reads complete nodes of a tree held as leaf hashes.
inline ReadNodes plain_reader(const std::vector<Digest>& leaves, std::uint64_t size) {
    return [&leaves, size](std::span<const NodeId> ids, std::span<Digest> hashes) -> Result<void> {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const std::uint64_t begin = ids[i].index << ids[i].level;
            const std::uint64_t end = begin + (std::uint64_t{1} << ids[i].level);
            REQUIRE(end <= size); // only complete nodes may be asked for
            hashes[i] = plain_root(Leaves(leaves).subspan(begin, end - begin));
        }
        return {};
    };
}

inline Digest flipped(Digest digest, unsigned bit) {
    digest[bit / 8] = static_cast<std::uint8_t>(digest[bit / 8] ^ (1u << bit % 8));
    return digest;
}

/// The files of a log by path; the same path must never get other bytes.
class MemoryLog {
public:
    void add(const std::vector<TileFile>& files) {
        for (const TileFile& file : files) {
            const auto [at, is_new] = files_.try_emplace(file.id.path(), file.bytes);
            REQUIRE((is_new || at->second == file.bytes));
        }
    }

    [[nodiscard]] ReadTile reader() const {
        return [this](const TileId& id) -> Result<Bytes> {
            const auto found = files_.find(id.path());
            if (found == files_.end()) return refuse(Code::not_found, id.path());
            return found->second;
        };
    }

    std::map<std::string, Bytes> files_;
};

inline Bytes vector_file(const std::string& name) {
    std::ifstream in(std::string(COMITY_VECTORS) + "/" + name, std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// Through Boost.JSON itself: some vectors hold numbers that our own reader refuses.
inline boost::json::object vectors(const std::string& name) {
    return boost::json::parse(vector_file(name)).as_object();
}

inline std::uint64_t number(const boost::json::value& value) {
    return value.is_uint64() ? value.get_uint64() : static_cast<std::uint64_t>(value.as_int64());
}

inline std::string text_of(const boost::json::value& value) {
    return std::string(std::string_view(value.as_string()));
}

template <class T>
Code code_of(const Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
}

} // namespace comity::record::test
