;; Opens a file in Emacs with the configuration of the page, completes a slug, and prints what it sees as JSON.

(require 'cl-lib)
(require 'eglot)
(require 'json)
(require 'markdown-mode)

(load (getenv "TEST_CONFIG"))
(setq eglot-sync-connect 60)

(defun rules ()
  "Return the rules of the findings about the file, in order."
  (cl-loop for one in (sort (flymake-diagnostics) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))
           collect (let ((text (flymake-diagnostic-text one)))
                     (and (string-match "\\[\\(.*?\\)\\]" text) (match-string 1 text)))))

(defun wait-for (is-true)
  (cl-loop repeat 200 until (funcall is-true) do (flymake-start) (accept-process-output nil 0.3)))

(find-file (getenv "TEST_FILE"))
(run-hooks 'post-command-hook) ; `eglot-ensure' connects after the first command
(wait-for (lambda () (member "dangling-target" (rules))))
(let ((before (rules)))
  (goto-char (point-min))
  (search-forward "neighbourhood-assemblage")
  (replace-match "neigh")
  (completion-at-point)
  (wait-for (lambda () (not (member "dangling-target" (rules)))))
  (save-buffer)
  (princ (json-encode (list (cons 'before (vconcat before)) (cons 'after (vconcat (rules)))))))
(kill-emacs)
