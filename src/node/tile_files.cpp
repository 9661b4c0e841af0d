// Tiles as files.
#include "node/tile_files.hpp"

namespace comity::node {

record::ReadTile tiles_in(Files& files, std::string prefix) {
    return [&files, prefix = std::move(prefix)](const record::TileId& id) -> Result<Bytes> {
        auto bytes = files.read(prefix + id.path());
        if (!bytes) return refuse(Code::proof_malformed, say("the file {} is missing", id.path()));
        return std::move(*bytes);
    };
}

void put_tiles(Files& files, const std::string& prefix, record::TileWriter& writer) {
    std::vector<std::pair<std::string, Bytes>> made;
    for (auto& file : writer.take_files())
        made.emplace_back(prefix + file.id.path(), std::move(file.bytes));
    files.replace_all(made);
}

} // namespace comity::node
