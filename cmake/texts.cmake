# Embeds texts/*.txt, and from the pages the Arabic of the forms and the names of acts, roles and sides, into the room base: a generated list of
# string literals, one a line, with a line =FILE before those of each file.
function(comity_embed_texts target)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/texts/*.txt)
  list(SORT files)
  list(APPEND files ${CMAKE_SOURCE_DIR}/web/texts/forms.ar ${CMAKE_SOURCE_DIR}/web/texts/acts.txt
       ${CMAKE_SOURCE_DIR}/web/texts/common.txt)
  set(generated "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(REPLACE "\n" ")text\",\nR\"text(" text "${text}")
    string(APPEND generated "R\"text(=${name})text\",\nR\"text(${text})text\",\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/base/texts.inc CONTENT "${generated}" @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()
