// qpdf adds the letter's language (PDF 1.7, 14.9.2), MarkInfo (14.7.1) and the embedded files
// (7.11.4). Through its C interface: the C++ headers of qpdf 11 do not compile as C++20.
#include "letters/attach.hpp"

#include "base/fault.hpp"

#include <qpdf/qpdf-c.h>

#include <algorithm>

namespace comity::letters {

namespace {

class File {
public:
    explicit File(BytesView pdf) {
        qpdf_set_suppress_warnings(data_, QPDF_TRUE);
        must(qpdf_read_memory(data_, "letter", pdf.data(), pdf.size(), nullptr));
        root_ = qpdf_get_root(data_);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() { qpdf_cleanup(&data_); }

    void speaks(const std::string& language) {
        set(root_, "/Lang", qpdf_oh_new_unicode_string(data_, language.c_str()));
        const auto marked = qpdf_oh_new_dictionary(data_);
        set(marked, "/Marked", qpdf_oh_new_bool(data_, QPDF_TRUE));
        set(root_, "/MarkInfo", marked);
    }

    // The name tree wants its names in order.
    void holds(std::vector<Attachment> attachments) {
        if (attachments.empty()) return;
        std::sort(attachments.begin(), attachments.end(), [](const auto& a, const auto& b) {
            return a.name < b.name;
        });
        const auto names = qpdf_oh_new_array(data_);
        const auto associated = qpdf_oh_new_array(data_);
        for (const auto& attachment : attachments) {
            const auto spec = specification(attachment);
            qpdf_oh_append_item(
                data_, names, qpdf_oh_new_unicode_string(data_, attachment.name.c_str()));
            qpdf_oh_append_item(data_, names, spec);
            qpdf_oh_append_item(data_, associated, spec);
        }
        const auto files = qpdf_oh_new_dictionary(data_);
        set(files, "/Names", names);
        // cairo writes a /Names of its own for destinations, if the letter has any: it has none.
        const auto trees = qpdf_oh_new_dictionary(data_);
        set(trees, "/EmbeddedFiles", files);
        set(root_, "/Names", trees);
        set(root_, "/AF", associated);
    }

    Bytes write() {
        must(qpdf_init_write_memory(data_));
        qpdf_set_deterministic_ID(data_, QPDF_TRUE);
        must(qpdf_write(data_));
        return {
            reinterpret_cast<const char*>(qpdf_get_buffer(data_)), qpdf_get_buffer_length(data_)};
    }

private:
    void must(QPDF_ERROR_CODE code) {
        if ((code & QPDF_ERRORS) != 0)
            throw Fault(
                std::string("qpdf: ") + qpdf_get_error_full_text(data_, qpdf_get_error(data_)));
    }

    void set(qpdf_oh object, const char* key, qpdf_oh value) {
        qpdf_oh_replace_key(data_, object, key, value);
    }

    qpdf_oh specification(const Attachment& attachment) {
        const auto& content = attachment.content;
        const auto stream = qpdf_oh_new_stream(data_);
        qpdf_oh_replace_stream_data(
            data_, stream, reinterpret_cast<const unsigned char*>(content.data()), content.size(),
            qpdf_oh_new_null(data_), qpdf_oh_new_null(data_));
        const auto about = qpdf_oh_get_dict(data_, stream);
        set(about, "/Type", qpdf_oh_new_name(data_, "/EmbeddedFile"));
        set(about, "/Subtype", qpdf_oh_new_name(data_, ("/" + attachment.media_type).c_str()));
        const auto size = qpdf_oh_new_dictionary(data_);
        set(size, "/Size", qpdf_oh_new_integer(data_, static_cast<long long>(content.size())));
        set(about, "/Params", size);
        const auto both = qpdf_oh_new_dictionary(data_);
        set(both, "/F", stream);
        set(both, "/UF", stream);
        const auto spec = qpdf_oh_new_dictionary(data_);
        set(spec, "/Type", qpdf_oh_new_name(data_, "/Filespec"));
        set(spec, "/F", qpdf_oh_new_string(data_, attachment.name.c_str()));
        set(spec, "/UF", qpdf_oh_new_unicode_string(data_, attachment.name.c_str()));
        set(spec, "/Desc", qpdf_oh_new_unicode_string(data_, attachment.description.first.c_str()));
        set(spec, "/AFRelationship", qpdf_oh_new_name(data_, "/Data"));
        set(spec, "/EF", both);
        return qpdf_make_indirect_object(data_, spec);
    }

    qpdf_data data_ = qpdf_init();
    qpdf_oh root_ = 0;
};

} // namespace

Bytes attach(BytesView pdf, const Letter& letter) {
    File file(pdf);
    file.speaks(letter.languages[0]);
    file.holds(letter.attachments);
    return file.write();
}

} // namespace comity::letters
